/// The printable characters that stand for bytes in the vocabularies of byte-level models.
///
/// - Source: OpenAI's GPT-2 encoder: printable Latin-1 stands for itself, the other bytes follow
///   in order from U+0100.
enum ByteAlphabet {
    /// The scalar of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt32) -> Unicode.Scalar in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
                return Unicode.Scalar(UInt8(byte))
            }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? " "
        }
    }()

    /// The byte of each scalar below U+0144, or -1.
    private static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = Int16(byte) }
        return bytes
    }()

    /// Appends the characters that stand for `source`, as UTF-8.
    static func append(_ source: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
        for byte in source {
            let value = scalars[Int(byte)].value
            if value < 0x80 {
                target.append(UInt8(value))
            } else {
                target.append(UInt8(0xC0 | value >> 6))
                target.append(UInt8(0x80 | value & 0x3F))
            }
        }
    }

    /// The bytes that a piece stands for: itself, if it has a character outside the alphabet.
    static func decode(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(piece.count)
        var index = piece.startIndex
        while index < piece.endIndex {
            var value = Int(piece[index])
            index += 1
            if value >= 0x80 {
                guard (0xC2...0xC5).contains(value), index < piece.endIndex else {
                    return Array(piece)
                }
                value = (value & 0x1F) << 6 | Int(piece[index] & 0x3F)
                index += 1
            }
            guard value < bytes.count, bytes[value] >= 0 else { return Array(piece) }
            result.append(UInt8(bytes[value]))
        }
        return result
    }
}
