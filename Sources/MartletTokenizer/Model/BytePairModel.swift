/// Byte-pair encoding: cuts a pre-token into characters and merges neighbours by rank.
///
/// - Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016,
///   with the options of Hugging Face's `tokenizers`.
struct BytePairModel: Sendable {
    /// The members of the model in tokenizer.json besides vocabulary and merges.
    struct Options: Sendable {
        var unknownToken: String?
        var fusesUnknown = false
        var fallsBackToBytes = false
        /// Whether a pre-token that is a piece of the vocabulary is taken whole.
        var ignoresMerges = false
        var continuingSubwordPrefix: String?
        var endOfWordSuffix: String?
    }

    let vocabulary: Vocabulary
    let merges: MergeTable
    let options: Options
    private let unknownID: Int32?
    /// The id of each byte, as the character that stands for it, or -1. Used where pre-tokens
    /// come as bytes.
    private let byteIDs: [Int32]
    /// The ids of `<0x00>` to `<0xFF>`, or -1.
    private let fallbackIDs: [Int32]

    init(vocabulary: Vocabulary, merges: MergeTable, options: Options) {
        self.vocabulary = vocabulary
        self.merges = merges
        self.options = options
        unknownID = options.unknownToken.flatMap { vocabulary.id(of: Array($0.utf8)) }
        byteIDs = (0...255).map { byte in
            vocabulary.id(of: Array(String(ByteAlphabet.scalars[byte]).utf8)) ?? -1
        }
        fallbackIDs = (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            let name = byte < 16 ? "<0x0\(digits)>" : "<0x\(digits)>"
            return vocabulary.id(of: Array(name.utf8)) ?? -1
        }
    }

    /// Whether a pre-token may come as the bytes that its characters stand for, which saves
    /// writing it in the byte alphabet first.
    var acceptsBytes: Bool {
        !options.fallsBackToBytes && (options.continuingSubwordPrefix ?? "").isEmpty
            && (options.endOfWordSuffix ?? "").isEmpty
    }

    /// Appends the ids of a pre-token.
    ///
    /// - Parameter isBytes: whether `text` is raw bytes instead of text in the byte alphabet.
    /// - Complexity: O(n log n) in the length of the pre-token.
    func encode(
        _ text: UnsafeBufferPointer<UInt8>, isBytes: Bool, into output: inout [Int32],
        _ scratch: inout BytePairScratch
    ) {
        guard !text.isEmpty else { return }
        let hash = ByteHash.hash(text, seed: ByteHash.seed)
        if scratch.cache.append(text, hash, to: &output) { return }
        let start = output.count
        if options.ignoresMerges, let id = wholePiece(text, isBytes, &scratch) {
            output.append(id)
        } else {
            scratch.symbols.removeAll(keepingCapacity: true)
            if isBytes {
                appendBytes(text, &scratch)
            } else {
                appendCharacters(text, &scratch)
            }
            merge(&scratch, into: &output)
        }
        scratch.cache.insert(text, hash, output[start...])
    }

    private func wholePiece(
        _ text: UnsafeBufferPointer<UInt8>, _ isBytes: Bool, _ scratch: inout BytePairScratch
    ) -> Int32? {
        guard isBytes else { return vocabulary.id(of: text) }
        scratch.bytes.removeAll(keepingCapacity: true)
        ByteAlphabet.append(text, to: &scratch.bytes)
        return vocabulary.id(of: scratch.bytes)
    }

    private func appendBytes(
        _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout BytePairScratch
    ) {
        var isUnknownPending = false
        for byte in text {
            let id = byteIDs[Int(byte)]
            if id >= 0 {
                if isUnknownPending, let unknownID { scratch.symbols.append(unknownID) }
                isUnknownPending = false
                scratch.symbols.append(id)
            } else {
                addUnknown(&isUnknownPending, &scratch)
            }
        }
        if isUnknownPending, let unknownID { scratch.symbols.append(unknownID) }
    }

    /// An unknown token is held until something known follows, so that a run of them can become
    /// one. Bytes that stand for an unknown character do not release it, as in the reference.
    private func addUnknown(_ isPending: inout Bool, _ scratch: inout BytePairScratch) {
        guard let unknownID else { return }
        if isPending, !options.fusesUnknown { scratch.symbols.append(unknownID) }
        isPending = true
    }

    private func appendCharacters(
        _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout BytePairScratch
    ) {
        var isUnknownPending = false
        var start = 0
        while start < text.count {
            var end = start + 1
            while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
            scratch.bytes.removeAll(keepingCapacity: true)
            if start > 0, let prefix = options.continuingSubwordPrefix {
                scratch.bytes.append(contentsOf: prefix.utf8)
            }
            scratch.bytes.append(contentsOf: text[start..<end])
            if end == text.count, let suffix = options.endOfWordSuffix {
                scratch.bytes.append(contentsOf: suffix.utf8)
            }
            if let id = vocabulary.id(of: scratch.bytes) {
                if isUnknownPending, let unknownID { scratch.symbols.append(unknownID) }
                isUnknownPending = false
                scratch.symbols.append(id)
            } else if options.fallsBackToBytes,
                scratch.bytes.allSatisfy({ fallbackIDs[Int($0)] >= 0 })
            {
                for byte in scratch.bytes { scratch.symbols.append(fallbackIDs[Int(byte)]) }
            } else {
                addUnknown(&isUnknownPending, &scratch)
            }
            start = end
        }
        if isUnknownPending, let unknownID { scratch.symbols.append(unknownID) }
    }
}
