import MartletExecutor
import MartletModels
import MartletTensor
import Testing

@Suite struct GoldenModelTests {
    static let float32Models = [
        "llama", "llama-biases-tied", "llama-rope-llama3", "llama-rope-linear",
        "llama-rope-yarn", "mistral", "qwen2", "qwen3", "opt", "opt-post-norm-projected", "gpt2",
        "gpt2-layer-scaled",
    ]
    static let halfModels = ["llama-float16", "qwen2-bfloat16", "qwen3-bfloat16"]

    @Test(arguments: float32Models)
    func `64 greedy tokens are those of transformers`(name: String) throws {
        let driver = try Driver(name)
        for (index, result) in try Golden(name).results.enumerated() {
            let tokens = try driver.generate(
                result.prompt, count: result.tokens.count, sequence: index)
            #expect(tokens == result.tokens, "\(name), prompt of \(result.prompt.count)")
        }
    }

    @Test(arguments: float32Models)
    func `float32 logprobs are within 1e-4 of transformers`(name: String) throws {
        let driver = try Driver(name)
        for result in try Golden(name).results {
            let error = try largestError(driver, result, result.logprobs)
            #expect(error < 1e-4, "\(name), prompt of \(result.prompt.count)")
        }
    }

    @Test(arguments: halfModels)
    func `half precision logprobs are within 5e-2 of transformers`(name: String) throws {
        let driver = try Driver(name)
        #expect(driver.runner.model.description.dtype != .float32)
        for result in try Golden(name).results {
            let own = try largestError(driver, result, result.logprobs)
            let exact = try largestError(driver, result, try #require(result.exact))
            #expect(own < 5e-2, "\(name), prompt of \(result.prompt.count)")
            #expect(exact < 5e-2, "\(name), prompt of \(result.prompt.count)")
        }
    }

    @Test(arguments: halfModels)
    func `half precision weights widened to float32 give the exact logprobs`(
        name: String
    ) throws {
        let driver = try Driver(name, dtype: .float32)
        for result in try Golden(name).results {
            let error = try largestError(driver, result, try #require(result.exact))
            #expect(error < 1e-4, "\(name), prompt of \(result.prompt.count)")
        }
    }

    /// The largest difference of a logprob over prompt and generated tokens, all given.
    private func largestError(
        _ driver: Driver, _ result: Golden.Result, _ expected: Golden.Logprobs
    ) throws -> Double {
        let rows = try driver.logits(of: result.prompt + result.tokens, chunk: 40).map(logprobs)
        var error = 0.0
        for (position, logprob) in expected.prompt.enumerated() {
            let token = Int(result.prompt[position + 1])
            error = max(error, abs(rows[position][token] - logprob))
        }
        for (step, entries) in expected.steps.enumerated() {
            for entry in entries {
                let row = rows[result.prompt.count - 1 + step]
                error = max(error, abs(row[Int(entry[0])] - entry[1]))
            }
        }
        return error
    }
}
