import MartletEngine

/// Requests that are put to an engine of this process at once.
struct EngineBatch {
    let engine: AsyncEngine
    let information: ModelInformation
    let shape: LoadShape
    /// Seed of the prompts.
    let seed: UInt64

    /// What they came to.
    struct Result: Sendable {
        /// From the first request's beginning to the last one's end.
        var seconds = 0.0
        var outputTokenCount = 0
        /// Each request's time to its first token, in seconds.
        var firstTokens: [Double] = []
        /// Each request's mean time for a token after its first, in seconds.
        var perTokens: [Double] = []
    }

    private struct Answer: Sendable {
        var tokenCount = 0
        var firstTokenCount = 0
        var first = 0.0
        var last = 0.0
    }

    /// Requests that are too long would each fail with an error of their own.
    func check() throws {
        let length = shape.inputLength + shape.outputLength
        guard length > information.maximumModelLength else { return }
        throw CommandFailure.report(
            "\(shape.inputLength) tokens in and \(shape.outputLength) out are more than the "
                + "\(information.maximumModelLength) that the model takes; lower --input-len or "
                + "--output-len")
    }

    /// Greedy, of exactly as many tokens as asked for, and of other prompts in each iteration.
    func run(iteration: Int = 0) async throws -> Result {
        let prompts = shape.prompts(
            vocabularySize: information.vocabularySize,
            seed: seed &+ UInt64(iteration) &* 7919)
        let clock = ContinuousClock()
        let start = clock.now
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            for prompt in prompts { group.addTask { try await answer(prompt, since: start) } }
            var result = Result()
            for try await answer in group {
                result.outputTokenCount += answer.tokenCount
                result.firstTokens.append(answer.first)
                guard answer.tokenCount > answer.firstTokenCount else { continue }
                result.perTokens.append(
                    (answer.last - answer.first)
                        / Double(answer.tokenCount - answer.firstTokenCount))
            }
            result.seconds = (clock.now - start).seconds
            return result
        }
    }

    private func answer(
        _ prompt: [Int32], since start: ContinuousClock.Instant
    ) async throws -> Answer {
        var sampling = SamplingParameters()
        sampling.temperature = 0
        sampling.ignoresEndOfSequence = true
        sampling.maximumTokenCount = shape.outputLength
        let request = GenerationRequest(prompt: .tokens(prompt), sampling: sampling)
        let clock = ContinuousClock()
        var answer = Answer()
        for try await output in try await engine.generate(request) {
            guard !output.tokenIDs.isEmpty else { continue }
            answer.last = (clock.now - start).seconds
            if answer.tokenCount == 0 {
                answer.first = answer.last
                answer.firstTokenCount = output.tokenIDs.count
            }
            answer.tokenCount += output.tokenIDs.count
        }
        return answer
    }
}
