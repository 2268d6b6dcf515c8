import Foundation
import MartletSampling
import MartletTensor
import Testing

/// Penalties, filters and log probabilities as torch and transformers compute them
/// (`Tools/goldens/sampling.py`).
@Suite struct SamplingGoldenTests {
    private struct Goldens: Decodable {
        let cases: [Case]
    }

    private struct Case: Decodable {
        let settings: Settings
        let row: [Float]
        let prompt: [Int32]
        let output: [Int32]
        let penalised: [Float]
        let kept: [Int32]
        let logprobs: [Float]
        let top: [Int32]
    }

    private struct Settings: Decodable {
        let temperature: Float
        let top_p: Float?
        let top_k: Int?
        let min_p: Float?
        let repetition_penalty: Float?
        let frequency_penalty: Float?
        let presence_penalty: Float?

        var parameters: SamplingParameters {
            .with {
                $0.temperature = temperature
                $0.topP = top_p ?? 1
                $0.topK = top_k ?? 0
                $0.minP = min_p ?? 0
                $0.repetitionPenalty = repetition_penalty ?? 1
                $0.frequencyPenalty = frequency_penalty ?? 0
                $0.presencePenalty = presence_penalty ?? 0
            }
        }
    }

    private func cases() throws -> [Case] {
        let url = try #require(
            Bundle.module.url(
                forResource: "sampling", withExtension: "json", subdirectory: "Fixtures"))
        let cases = try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url)).cases
        try #require(cases.count >= 7)
        return cases
    }

    @Test func `penalties and filters leave what transformers leaves`() throws {
        for (index, golden) in try cases().enumerated() {
            for kernels in availableKernels {
                let parameters = golden.settings.parameters
                let state = SamplerState(
                    parameters, prompt: golden.prompt, output: golden.output,
                    vocabularySize: golden.row.count)
                var row = golden.row
                row.withUnsafeMutableBufferPointer { state.edit($0, kernels: kernels) }
                #expect(
                    zip(row, golden.penalised).allSatisfy { abs($0 - $1) < 2e-6 }, "case \(index)")
                let sampler = RowSampler(kernels: kernels, vocabularySize: row.count)
                let listed = row.withRow { sampler.candidates($0, parameters)?.listed ?? [] }
                #expect(listed.map(\.token).sorted() == golden.kept, "case \(index)")
            }
        }
    }

    @Test func `log probabilities equal torch's`() throws {
        for golden in try cases() {
            for kernels in availableTables {
                let sampler = Sampler(
                    vocabularySize: golden.row.count, pool: WorkerPool(threadCount: 1),
                    kernels: kernels)
                let targets = Array(0..<Int32(golden.row.count))
                let reports = sampler.logprobs(
                    Tensor(Array(repeating: golden.row, count: targets.count)), targets: targets,
                    topCount: 5)
                for (report, expected) in zip(reports, golden.logprobs) {
                    #expect(abs(report.chosen.logprob - expected) < 1e-5)
                    #expect(report.top.map(\.id) == golden.top)
                }
            }
        }
    }
}
