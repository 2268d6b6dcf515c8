public import MartletSampling

/// A request's whole output.
public struct GenerationResult: Hashable, Sendable {
    /// The prompt as the model saw it.
    public var promptTokenIDs: [Int32]
    /// Reports for the prompt's tokens from its second on, where the request asks for them.
    public var promptLogprobs: [TokenLogprobs]
    /// How many of the prompt's tokens came from the prefix cache.
    public var cachedTokenCount: Int
    /// One finished completion for each of the request's `n`, in order of index.
    public var completions: [GenerationOutput]

    /// The text of the first completion.
    public var text: String { completions.first?.text ?? "" }
}

extension GenerationStream {
    /// Reads the stream to its end.
    ///
    /// - Throws: ``EngineError`` when the engine could not finish the request, and
    ///   `CancellationError` when the task is cancelled.
    public func collect() async throws -> GenerationResult {
        var completions = (0..<completionCount).map(GenerationOutput.init(index:))
        for try await output in self {
            completions[output.index].merge(output)
        }
        return GenerationResult(promptTokenIDs: promptTokenIDs, completions: completions)
    }
}

extension GenerationResult {
    /// - Parameter completions: At least one, in order of index.
    init(promptTokenIDs: [Int32], completions: [GenerationOutput]) {
        self.init(
            promptTokenIDs: promptTokenIDs, promptLogprobs: completions[0].promptLogprobs,
            cachedTokenCount: completions[0].cachedTokenCount, completions: completions)
    }
}
