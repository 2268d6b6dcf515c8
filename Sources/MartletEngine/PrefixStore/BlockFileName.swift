import MartletScheduling

/// The name of a block's file: its key, its parent's key, and a suffix. So a listing tells which
/// block follows which, and no file needs to be opened for it.
struct BlockFileName: Hashable, CustomStringConvertible {
    static let suffix = ".kvblock"

    let key: PrefixKey
    let parent: PrefixKey

    init(key: PrefixKey, parent: PrefixKey) {
        self.key = key
        self.parent = parent
    }

    /// Nil for names that no block file has.
    init?(_ name: String) {
        let utf8 = Array(name.utf8)
        guard
            utf8.count == 65 + Self.suffix.utf8.count, name.hasSuffix(Self.suffix), utf8[32] == 45,
            let key = PrefixKey(hexadecimal: utf8[..<32]),
            let parent = PrefixKey(hexadecimal: utf8[33..<65]), key != parent
        else { return nil }
        self.init(key: key, parent: parent)
    }

    var description: String { "\(key.hexadecimal)-\(parent.hexadecimal)\(Self.suffix)" }
}

extension PrefixKey {
    /// 32 lowercase digits, the highest first.
    var hexadecimal: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Nil for all but 32 lowercase digits.
    init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count == 32 else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for digit in digits {
            let value: UInt8
            switch digit {
            case 48...57: value = digit - 48
            case 97...102: value = digit - 87
            default: return nil
            }
            words.high = words.high << 4 | words.low >> 60
            words.low = words.low << 4 | UInt64(value)
        }
        self.init(low: words.low, high: words.high)
    }
}
