package import MartletSampling
package import MartletScheduling

/// Runs steps: what the engine core needs of a model, and what a test can replace.
package protocol StepExecutor: AnyObject {
    /// Computes the batch's tokens and samples where a sequence asks for it.
    ///
    /// - Parameter sequences: One entry for each sequence of the batch, in its order.
    /// - Returns: One result for each sequence, in the same order.
    /// - Throws: What keeps the whole step from completing; no sequence has advanced then.
    func execute(_ batch: ScheduledBatch, sequences: [StepSequence]) throws -> [StepResult]

    /// Makes all memory of earlier steps anew after one has failed. What was cached is lost.
    func restart() throws

    /// Copies whole blocks of the KV cache, one after the other.
    func copyBlocks(_ copies: [(source: Int32, target: Int32)])

    /// Bytes of one block's image.
    var blockByteCount: Int { get }

    /// Copies what a block holds to `buffer` of ``blockByteCount`` bytes.
    func readBlock(_ block: Int32, into buffer: UnsafeMutableRawBufferPointer)

    /// Replaces what a block holds by an image that ``readBlock(_:into:)`` gave.
    func writeBlock(_ block: Int32, from buffer: UnsafeRawBufferPointer)
}

/// What a step needs to know of a sequence beside its tokens.
package struct StepSequence {
    /// Chooses the next token.
    package let sampler: SamplerState
    /// The whole prompt: the targets of prompt log probabilities.
    package let promptTokens: [Int32]
    /// How many alternatives to report with each prompt token; nil for no report.
    package let promptLogprobCount: Int?

    package init(sampler: SamplerState, promptTokens: [Int32], promptLogprobCount: Int?) {
        self.sampler = sampler
        self.promptTokens = promptTokens
        self.promptLogprobCount = promptLogprobCount
    }
}

/// What a step made of one sequence.
package struct StepResult: Hashable, Sendable {
    /// The next token, where the sequence samples in this step.
    package var token: SampledToken?
    /// Reports for the prompt tokens that this step's rows predict, in order of position.
    package var promptLogprobs: [TokenLogprobs]

    package init(token: SampledToken? = nil, promptLogprobs: [TokenLogprobs] = []) {
        self.token = token
        self.promptLogprobs = promptLogprobs
    }
}
