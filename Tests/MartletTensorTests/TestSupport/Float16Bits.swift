/// IEEE 754 half precision by its definition, for machines whose compiler lacks `Float16`.
enum Float16Bits {
    static func decode(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Float(bits & 0x3ff)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            let scale = Float(sign: .plus, exponent: exponent - 25, significand: 1)
            return sign * (1024 + fraction) * scale
        }
    }

    /// Nearest even.
    static func encode(_ value: Float) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        if value.isNaN { return sign | 0x7e00 }
        let magnitude = Double(abs(value))
        if magnitude >= 65520 { return sign | 0x7c00 }
        let exponent = max(abs(value).isZero ? -14 : Int(abs(value).exponent), -14)
        let quantum = Double(sign: .plus, exponent: exponent - 10, significand: 1)
        let steps = UInt16((magnitude / quantum).rounded(.toNearestOrEven))
        // A normal number has 1024...2048 steps; its leading one adds itself to the exponent.
        return sign | (UInt16(exponent + 14) << 10) &+ steps
    }
}
