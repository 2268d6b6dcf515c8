extension Tokenizer {
    /// The token ids of a text.
    ///
    /// Tokens of the added vocabulary are recognised in the text, special ones too.
    ///
    /// - Parameter addSpecialTokens: whether to put in what the post-processor adds, such as the
    ///   token that a text begins with.
    /// - Complexity: O(n log n) in the length of the text, whatever it holds.
    package func encode(_ text: String, addSpecialTokens: Bool) -> [Int32] {
        var ids: [Int32] = []
        var text = text
        storage.scratches.withScratch { scratch in
            text.withUTF8 { bytes in
                ids.reserveCapacity(bytes.count / 3 + 8)
                encode(bytes, into: &ids, &scratch)
            }
        }
        return storage.postProcessor.process(ids, addsSpecialTokens: addSpecialTokens)
    }

    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32],
        _ scratch: inout EncodingScratch
    ) {
        guard !text.isEmpty else { return }
        guard storage.added.hasTokens(normalized: false) else {
            return encodeRaw(text, isTextStart: true, into: &ids, &scratch)
        }
        for segment in storage.added.segments(of: text, normalized: false) {
            switch segment {
            case .token(let id): ids.append(id)
            case .text(let range):
                encodeRaw(
                    UnsafeBufferPointer(rebasing: text[range]),
                    isTextStart: range.lowerBound == 0, into: &ids, &scratch)
            }
        }
    }

    private func encodeRaw(
        _ text: UnsafeBufferPointer<UInt8>, isTextStart: Bool, into ids: inout [Int32],
        _ scratch: inout EncodingScratch
    ) {
        guard let normalizer = storage.normalizer else {
            return encodeNormalized(text, isTextStart: isTextStart, into: &ids, &scratch)
        }
        let normalized = normalizer.normalize(Array(text))
        let isTextStart =
            isTextStart && storage.preTokenizer.dependsOnTextStart
            && !losesStart(text, normalized, normalizer)
        normalized.withUnsafeBufferPointer {
            encodeNormalized($0, isTextStart: isTextStart, into: &ids, &scratch)
        }
    }

    /// Whether normalization drops the first character. What is left then no longer counts as
    /// being at the beginning of the text.
    private func losesStart(
        _ text: UnsafeBufferPointer<UInt8>, _ normalized: [UInt8], _ normalizer: Normalizer
    ) -> Bool {
        guard !text.isEmpty else { return false }
        return normalizer.normalize(Array(text[text.scalar(at: 0).length...])) == normalized
    }

    private func encodeNormalized(
        _ text: UnsafeBufferPointer<UInt8>, isTextStart: Bool, into ids: inout [Int32],
        _ scratch: inout EncodingScratch
    ) {
        guard storage.added.hasTokens(normalized: true) else {
            return encodeWords(text, isTextStart: isTextStart, into: &ids, &scratch)
        }
        for segment in storage.added.segments(of: text, normalized: true) {
            switch segment {
            case .token(let id): ids.append(id)
            case .text(let range):
                encodeWords(
                    UnsafeBufferPointer(rebasing: text[range]),
                    isTextStart: isTextStart && range.lowerBound == 0, into: &ids, &scratch)
            }
        }
    }

    private func encodeWords(
        _ text: UnsafeBufferPointer<UInt8>, isTextStart: Bool, into ids: inout [Int32],
        _ scratch: inout EncodingScratch
    ) {
        let model = storage.model
        let isBytes = storage.preTokenizer.yieldsBytes
        // Two separate exclusive accesses: the closure uses one half while the call has the other.
        var bytePair = BytePairScratch()
        swap(&bytePair, &scratch.bytePair)
        storage.preTokenizer.forEachPreToken(
            of: text, isTextStart: isTextStart, &scratch.pattern
        ) { word in
            model.encode(word, isBytes: isBytes, into: &ids, &bytePair)
        }
        swap(&bytePair, &scratch.bytePair)
    }
}
