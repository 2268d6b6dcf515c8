package import MartletChat
public import MartletSampling
package import MartletTokenizer

extension AsyncEngine {
    /// What the loaded model is; waits while it is loading.
    public var modelConfiguration: ModelInformation {
        get async throws { try await model.information }
    }

    /// The checkpoint's own sampling defaults, over vLLM's.
    public var defaultSamplingParameters: SamplingParameters {
        get async throws { try await model.defaultSampling }
    }

    package var tokenizer: Tokenizer {
        get async throws { try await model.text.tokenizer }
    }

    package var chatTemplate: ChatTemplate? {
        get async throws { try await model.chatTemplate }
    }

    /// The tokens that ``generate(_:)`` would feed the model for a prompt.
    ///
    /// - Throws: ``EngineError``, as ``generate(_:)``, but for the prompt's length.
    public func encode(_ prompt: Prompt) async throws -> [Int32] {
        let model = try await model
        return try await PreparationQueue.run(size: prompt.approximateSize) {
            () throws(EngineError) in
            try RequestPreparation(model: model).encode(prompt).tokens
        }
    }

    /// The text of tokens.
    public func decode(
        _ tokens: [Int32], skipsSpecialTokens: Bool = false
    ) async throws -> String {
        try await tokenizer.decode(tokens, skipSpecialTokens: skipsSpecialTokens)
    }
}
