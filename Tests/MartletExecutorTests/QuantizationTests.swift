import Foundation
import MartletDemoModel
import MartletExecutor
import MartletModels
import MartletTensor
import MartletTestSupport
import Testing

/// What whole numbers for weights do to a model's predictions.
@Suite struct QuantizationTests {
    /// A quantization with what it may cost on the demo model.
    struct Loss: Sendable {
        let quantization: WeightQuantization
        /// The mean Kullback-Leibler divergence, in nats.
        let divergence: Double
        /// The share of positions with the same most likely token.
        let agreement: Double
    }

    /// About one and a half times what was measured.
    static let losses = [
        Loss(quantization: .int8, divergence: 2e-3, agreement: 0.97),
        Loss(
            quantization: .int4(groupSize: 32, hasMinimum: true), divergence: 0.06,
            agreement: 0.92),
        Loss(
            quantization: .int4(groupSize: 64, hasMinimum: true), divergence: 0.08,
            agreement: 0.9),
        Loss(
            quantization: .int4(groupSize: 128, hasMinimum: true), divergence: 0.08,
            agreement: 0.9),
        Loss(
            quantization: .int4(groupSize: 32, hasMinimum: false), divergence: 0.06,
            agreement: 0.89),
        Loss(
            quantization: .int4(groupSize: 64, hasMinimum: false), divergence: 0.08,
            agreement: 0.89),
        Loss(
            quantization: .int4(groupSize: 128, hasMinimum: false), divergence: 0.12,
            agreement: 0.85),
    ]

    @Test func `the demo model predicts nearly the same`() throws {
        let pool = WorkerPool(threadCount: 2)
        let directory = DemoModel.directory
        let exact = try Driver(directory: directory, pool: pool)
        let texts = try (1...4).map { try exact.sampledText(seed: UInt64($0), count: 120) }
        let references = try texts.map { try exact.logits(of: $0, chunk: 60) }
        for loss in Self.losses {
            let rounded = try Driver(
                directory: directory, quantization: loss.quantization, pool: pool)
            var distance = PredictionDistance()
            for (tokens, reference) in zip(texts, references) {
                let rows = try rounded.logits(of: tokens, chunk: 60)
                for (row, expected) in zip(rows, reference) {
                    distance.add(row, reference: expected)
                }
            }
            if ProcessInfo.processInfo.environment["MARTLET_PRINT_DISTANCES"] != nil {
                print("\(loss.quantization) weights: \(distance)")
            }
            #expect(distance.meanDivergence > 0)
            #expect(
                distance.meanDivergence < loss.divergence, "\(loss.quantization): \(distance)")
            #expect(distance.agreement >= loss.agreement, "\(loss.quantization): \(distance)")
        }
    }

    static let quantizations: [WeightQuantization] = [
        .none, .int8, .int4(groupSize: 32, hasMinimum: true),
        .int4(groupSize: 64, hasMinimum: false),
    ]

    /// Packs a fixture into a directory of its own, hands it to `body` and deletes it.
    private func withPacked(
        _ name: String, dtype: WeightType = .auto, _ quantization: WeightQuantization,
        _ pool: WorkerPool, _ body: (String) throws -> Void
    ) throws {
        let directory = try TemporaryDirectory()
        _ = try ModelRegistry.packModel(
            directory: Golden.directory(name), into: directory.path, dtype: dtype,
            quantization: quantization, pool: pool)
        try body(directory.path)
    }

    @Test(arguments: [
        "llama", "llama-biases-tied", "llama-float16", "qwen2-bfloat16", "qwen3",
        "qwen3-bfloat16", "mistral", "opt", "opt-post-norm-projected", "gpt2",
    ])
    func `a packed model computes what one packed at load does, to the last bit`(
        name: String
    ) throws {
        let pool = WorkerPool(threadCount: 2)
        let tokens = try #require(try Golden(name).results.first).prompt
        for quantization in Self.quantizations {
            let loaded = try Driver(
                directory: Golden.directory(name), quantization: quantization, pool: pool)
            let expected = try loaded.logits(of: tokens, chunk: 16)
            try withPacked(name, quantization, pool) { directory in
                let mapped = try Driver(directory: directory, pool: pool)
                let found = try mapped.logits(of: tokens, chunk: 16)
                #expect(found.count == expected.count)
                for (row, reference) in zip(found, expected) {
                    #expect(sameBits(row, reference), "\(name), \(quantization)")
                }
            }
        }
    }

    @Test func `a packed model keeps another type than its checkpoint's`() throws {
        let pool = WorkerPool(threadCount: 2)
        let tokens = try #require(try Golden("llama").results.first).prompt
        let loaded = try Driver("llama", dtype: .bfloat16, pool: pool)
        let expected = try loaded.logits(of: tokens, chunk: 16)
        try withPacked("llama", dtype: .bfloat16, .none, pool) { directory in
            let mapped = try Driver(directory: directory, pool: pool)
            #expect(mapped.runner.model.description.dtype == .bfloat16)
            for (row, reference) in zip(try mapped.logits(of: tokens, chunk: 16), expected) {
                #expect(sameBits(row, reference))
            }
        }
    }
}
