/// Checks bytes without making a string of them.
enum UTF8Validation {
    /// Whether `bytes` are UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
    ///
    /// - Source: The Unicode Standard, table 3-7.
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            let lead = bytes[index]
            index += 1
            if lead < 0x80 { continue }
            let second: ClosedRange<UInt8>
            let length: Int
            switch lead {
            case 0xC2...0xDF: (second, length) = (0x80...0xBF, 1)
            case 0xE0: (second, length) = (0xA0...0xBF, 2)
            case 0xED: (second, length) = (0x80...0x9F, 2)
            case 0xE1...0xEF: (second, length) = (0x80...0xBF, 2)
            case 0xF0: (second, length) = (0x90...0xBF, 3)
            case 0xF1...0xF3: (second, length) = (0x80...0xBF, 3)
            case 0xF4: (second, length) = (0x80...0x8F, 3)
            default: return false
            }
            guard index + length <= bytes.count, second.contains(bytes[index]) else { return false }
            for offset in 1..<length where bytes[index + offset] & 0xC0 != 0x80 { return false }
            index += length
        }
        return true
    }
}
