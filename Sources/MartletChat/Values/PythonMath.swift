#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Python's arithmetic where it needs the C library.
enum PythonMath {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// The floored quotient, and the remainder with the divisor's sign; the divisor is not zero.
    static func divideWithRemainder(
        _ left: Double, _ right: Double
    ) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(left, right)
        var quotient = (left - remainder) / right
        if remainder != 0 {
            if (right < 0) != (remainder < 0) {
                remainder += right
                quotient -= 1
            }
        } else {
            remainder = Double(signOf: right, magnitudeOf: 0)
        }
        guard quotient != 0 else {
            return (Double(signOf: left / right, magnitudeOf: 0), remainder)
        }
        let floored = quotient.rounded(.down)
        return (quotient - floored > 0.5 ? floored + 1 : floored, remainder)
    }

    /// The number in C's notation `conversion` (`f`, `e` or `g`), correctly rounded.
    static func format(
        _ value: Double, _ conversion: String, precision: Int, alternate: Bool = false
    ) -> String {
        let format = "%\(alternate ? "#" : "").\(precision)\(conversion)"
        return withVaList([value]) { arguments in
            var buffer = [CChar](repeating: 0, count: 400 + precision)
            let written = vsnprintf(&buffer, buffer.count, format, arguments)
            let count = min(max(0, Int(written)), buffer.count - 1)
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// `round(value, digits)`: half to even on the exact value.
    static func round(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, digits < 330 else { return value }
        if digits == 0 { return value.rounded(.toNearestOrEven) }
        if digits > 0 { return Double(format(value, "f", precision: digits)) ?? value }
        guard digits > -310 else { return Double(signOf: value, magnitudeOf: 0) }
        let scale = pow(10, Double(-digits))
        return (value / scale).rounded(.toNearestOrEven) * scale
    }
}
