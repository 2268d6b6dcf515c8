import Foundation
import MartletDemoModel
import MartletEngine
import MartletTestSupport
import Testing

/// Quantized and packed models, from the outside.
@Suite(.timeLimit(.minutes(1))) struct QuantizedModelTests {
    private func answer(_ question: String, _ engine: AsyncEngine) async throws -> GenerationResult
    {
        var sampling = SamplingParameters()
        sampling.temperature = 0
        sampling.maximumTokenCount = 40
        let request = GenerationRequest(prompt: .chat([.user(question)]), sampling: sampling)
        return try await engine.generate(request).collect()
    }

    @Test(arguments: [
        ModelQuantization.none, .int8, .int4(), .int4(groupSize: 64, isSymmetric: true),
    ])
    func `a packed model answers as one that is quantized at load, and rightly`(
        quantization: ModelQuantization
    ) async throws {
        let parent = try TemporaryDirectory()
        var packer = ModelPacker(
            model: DemoModel.directory, output: parent.path + "/packed")
        packer.quantization = quantization
        _ = try packer.run()

        var atLoad = AsyncEngineConfiguration(model: DemoModel.directory)
        atLoad.quantization = quantization
        let question = "What is the capital of France?"
        let expected = try await AsyncEngine.withEngine(configuration: atLoad) { engine in
            #expect(
                try await engine.modelConfiguration.quantization == quantization.description)
            return try await answer(question, engine)
        }
        #expect(expected.completions[0].text.contains("Paris"))

        let packed = AsyncEngineConfiguration(model: packer.output)
        let found = try await AsyncEngine.withEngine(configuration: packed) { engine in
            #expect(
                try await engine.modelConfiguration.quantization == quantization.description)
            return try await answer(question, engine)
        }
        #expect(found.completions[0].tokenIDs == expected.completions[0].tokenIDs)
    }

    @Test func `a prefix of one quantization is not taken for another's`() async throws {
        let parent = try TemporaryDirectory()
        let prompt = String(repeating: "What is the capital of France? ", count: 12)
        for (quantization, isCached) in [
            (ModelQuantization?.none, false), (.int8, false), (.int8, true), (.int4(), false),
            (nil, true),
        ] {
            var configuration = AsyncEngineConfiguration(model: DemoModel.directory)
            configuration.quantization = quantization
            configuration.prefixCacheDirectory = parent.path + "/prefixes"
            let result = try await AsyncEngine.withEngine(configuration: configuration) {
                try await answer(prompt, $0)
            }
            #expect((result.cachedTokenCount > 0) == isCached, "\(quantization as Any)")
        }
    }

    @Test func `a group size that is not built here is refused`() async throws {
        var configuration = AsyncEngineConfiguration(model: DemoModel.directory)
        configuration.quantization = .int4(groupSize: 16)
        let error = await #expect(throws: EngineError.self) {
            try await AsyncEngine.withEngine(configuration: configuration) { _ in }
        }
        #expect(error?.parameter == "quantization")
    }
}
