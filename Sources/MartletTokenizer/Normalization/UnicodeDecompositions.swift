/// The decomposition and composition mappings of Unicode, unpacked from
/// ``UnicodeDecompositionData`` on first use.
///
/// The reference normalizes by Unicode 9, so characters that came later are left alone: a model
/// expects the ids that its tokenizer gave in training.
struct UnicodeDecompositions: Sendable {
    static let shared = UnicodeDecompositions()

    private var canonical: [UInt32: [UInt32]] = [:]
    private var compatibility: [UInt32: [UInt32]] = [:]
    private var compositions: [UInt64: UInt32] = [:]
    /// What the dictionaries have entries for, to ask them only where it is worth it.
    private let canonicalKeys: ScalarBitmap
    private let compatibilityKeys: ScalarBitmap
    private let composableSeconds: ScalarBitmap
    private let changingNFC: ScalarBitmap
    private let changingNFD: ScalarBitmap
    private let changingNFKC: ScalarBitmap
    private let changingNFKD: ScalarBitmap

    private init() {
        var composable = ScalarBitmap()
        var excluded = ScalarBitmap()
        var canonical: [UInt32: [UInt32]] = [:]
        var compositions: [UInt64: UInt32] = [:]
        Self.forEachEntry(UnicodeDecompositionData.canonical) { value, isExcluded, mapping in
            guard Self.covers(value) else { return }
            canonical[value] = mapping
            if isExcluded {
                excluded.insert(value)
            } else if mapping.count == 2 {
                compositions[Self.key(mapping[0], mapping[1])] = value
                composable.insert(mapping[1])
            }
        }
        var compatibility: [UInt32: [UInt32]] = [:]
        Self.forEachEntry(UnicodeDecompositionData.compatibility) { value, _, mapping in
            if Self.covers(value) { compatibility[value] = mapping }
        }
        for value: UInt32 in 0x1161...0x1175 { composable.insert(value) }
        for value: UInt32 in 0x11A8...0x11C2 { composable.insert(value) }
        self.canonical = canonical
        self.compatibility = compatibility
        self.compositions = compositions

        let marks = Self.marks()
        canonicalKeys = ScalarBitmap(canonical.keys)
        compatibilityKeys = ScalarBitmap(compatibility.keys)
        composableSeconds = composable
        let mapped = canonicalKeys.union(Self.syllables())
        changingNFC = marks.union(composable).union(excluded)
        changingNFD = marks.union(mapped)
        changingNFKC = changingNFC.union(compatibilityKeys)
        changingNFKD = changingNFD.union(compatibilityKeys)
    }

    /// The scalars whose presence means that a form may change a text.
    func changing(_ isComposed: Bool, _ isCompatible: Bool) -> ScalarBitmap {
        if isComposed { return isCompatible ? changingNFKC : changingNFC }
        return isCompatible ? changingNFKD : changingNFD
    }

    /// The mapping of one step; nil for a scalar that stays as it is.
    func mapping(of value: UInt32, _ isCompatible: Bool) -> [UInt32]? {
        if canonicalKeys.contains(value) { return canonical[value] }
        return isCompatible && compatibilityKeys.contains(value) ? compatibility[value] : nil
    }

    func composition(of first: UInt32, _ second: UInt32) -> UInt32? {
        guard composableSeconds.contains(second) else { return nil }
        return compositions[Self.key(first, second)]
    }

    private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
        UInt64(first) << 32 | UInt64(second)
    }

    /// Whether a character is in the version of Unicode that normalization follows.
    static func covers(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.properties.age?.major ?? .max) <= 9
    }

    private static func covers(_ value: UInt32) -> Bool {
        Unicode.Scalar(value).map { covers($0) } ?? false
    }

    private static func marks() -> ScalarBitmap {
        var result = ScalarBitmap()
        for range in ScalarSet.mark.ranges {
            for value in range {
                guard let scalar = Unicode.Scalar(value) else { continue }
                if scalar.properties.canonicalCombiningClass != .notReordered {
                    result.insert(value)
                }
            }
        }
        return result
    }

    private static func syllables() -> ScalarBitmap {
        var result = ScalarBitmap()
        for value: UInt32 in 0xAC00...0xD7A3 { result.insert(value) }
        return result
    }

    /// Reads the packed entries; their format is described where they are made.
    private static func forEachEntry(
        _ data: StaticString, _ body: (UInt32, _ isExcluded: Bool, [UInt32]) -> Void
    ) {
        let text = UnsafeBufferPointer(start: data.utf8Start, count: data.utf8CodeUnitCount)
        var value: UInt32 = 0
        for word in text.split(separator: UInt8(ascii: " ")) {
            var fields: [UInt32] = [0]
            var repetitions: UInt32 = 0
            var isRepetition = false
            var isExcluded = false
            for byte in word {
                switch byte {
                case UInt8(ascii: "!"): isExcluded = true
                case UInt8(ascii: "."): fields.append(0)
                // In base 36 `x` is a digit too; only an upper-case one marks repetitions.
                case UInt8(ascii: "X"): isRepetition = true
                default:
                    let digit = UInt32(byte < 0x3A ? byte - 0x30 : byte - 0x61 + 10)
                    if isRepetition {
                        repetitions = repetitions * 36 + digit
                    } else {
                        fields[fields.count - 1] = fields[fields.count - 1] * 36 + digit
                    }
                }
            }
            value += fields[0]
            let mapping = Array(fields.dropFirst())
            body(value, isExcluded, mapping)
            for step in 0..<repetitions {
                value += 1
                body(value, isExcluded, mapping.map { $0 + step + 1 })
            }
        }
    }
}
