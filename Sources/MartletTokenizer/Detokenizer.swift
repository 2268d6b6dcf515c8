/// Turns the tokens of one answer into text as they come.
///
/// A character whose bytes are spread over several tokens is held back until it is complete. With
/// an empty prompt, all deltas and ``finish()`` together are exactly what
/// ``Tokenizer/decode(_:skipSpecialTokens:)`` makes of all tokens at once.
package struct Detokenizer: Sendable {
    private enum State: Sendable {
        /// Decoding is joining bytes.
        case bytes(UTF8Assembler)
        case pieces(DecodingPipeline)
    }

    /// How much of a long prompt is looked at: enough of its beginning to be past what decoders
    /// do to the first tokens, and enough of its end to know an incomplete character.
    private static let promptHead = 8
    private static let promptTail = 24

    private let tokenizer: Tokenizer
    private let skipSpecialTokens: Bool
    private var state: State

    /// - Parameter promptTokens: what came before, which decides for some decoders whether a
    ///   first space is kept. Its text is not repeated, but bytes at its very end that begin a
    ///   character are completed.
    package init(tokenizer: Tokenizer, promptTokens: [Int32], skipSpecialTokens: Bool) {
        self.tokenizer = tokenizer
        self.skipSpecialTokens = skipSpecialTokens
        state =
            tokenizer.storage.byteTable != nil
            ? .bytes(UTF8Assembler())
            : .pieces(DecodingPipeline(steps: tokenizer.storage.decoderSteps))
        if promptTokens.count <= Self.promptHead + Self.promptTail {
            for id in promptTokens { _ = append(id) }
        } else {
            for id in promptTokens.prefix(Self.promptHead) { _ = append(id) }
            for id in promptTokens.suffix(Self.promptTail) { _ = append(id) }
        }
    }

    /// Adds a token and returns the text that became certain, which may be empty.
    package mutating func append(_ id: Int32) -> String {
        guard tokenizer.keeps(id, skipSpecialTokens) else { return "" }
        switch state {
        case .bytes(var assembler):
            defer { state = .bytes(assembler) }
            return assembler.append(tokenizer.storage.byteTable?[id] ?? [])
        case .pieces(var pipeline):
            defer { state = .pieces(pipeline) }
            return pipeline.append(tokenizer.decodedPiece(of: id))
        }
    }

    /// Returns the text that was held back, with U+FFFD for what never became a character.
    package mutating func finish() -> String {
        switch state {
        case .bytes(var assembler):
            defer { state = .bytes(assembler) }
            return assembler.finish()
        case .pieces(var pipeline):
            defer { state = .pieces(pipeline) }
            return pipeline.finish()
        }
    }
}
