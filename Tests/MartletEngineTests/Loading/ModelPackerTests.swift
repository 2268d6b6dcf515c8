import Foundation
import MartletDemoModel
import MartletEngine
import MartletTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ModelPackerTests {
    private let parent: TemporaryDirectory
    private var output: String { parent.path + "/packed" }

    init() throws {
        parent = try TemporaryDirectory()
    }

    private func fileSize(of path: String) throws -> Int {
        try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe).count
    }

    private var packer: ModelPacker {
        var packer = ModelPacker(model: DemoModel.directory, output: output)
        packer.quantization = .int8
        packer.threadCount = 2
        return packer
    }

    @Test func `the output has everything that a model needs`() throws {
        var fractions: [Double] = []
        let byteCount = try packer.run(progress: { fractions.append($0.fraction) })
        #expect(fractions == fractions.sorted())
        #expect(fractions.last == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: output)
        #expect(
            names.sorted() == [
                "config.json", "generation_config.json", "packed.safetensors", "tokenizer.json",
                "tokenizer_config.json",
            ])
        #expect(try parent.names() == ["packed"])
        for name in ["generation_config.json", "tokenizer.json", "tokenizer_config.json"] {
            #expect(
                FileManager.default.contentsEqual(
                    atPath: output + "/" + name, andPath: DemoModel.directory + "/" + name))
        }
        // Half of the bf16 checkpoint, and scales.
        let checkpoint = try fileSize(of: DemoModel.directory + "/model.safetensors")
        #expect(byteCount > checkpoint / 2)
        #expect(byteCount < checkpoint * 11 / 20)
        let file = try fileSize(of: output + "/packed.safetensors")
        #expect(file > byteCount && file < byteCount + 1 << 16)
        let footprint = ModelFootprint(of: AsyncEngineConfiguration(model: output))
        #expect(footprint.weightByteCount == byteCount)
        var quantizing = AsyncEngineConfiguration(model: DemoModel.directory)
        quantizing.quantization = .int8
        let estimate = ModelFootprint(of: quantizing).weightByteCount
        #expect(abs(estimate - byteCount) < byteCount / 50)
    }

    @Test func `a cancelled run leaves nothing`() throws {
        for limit in [0, 1, 7] {
            var calls = 0
            let error = #expect(throws: EngineError.self) {
                try packer.run(isCancelled: {
                    calls += 1
                    return calls > limit
                })
            }
            #expect(error?.code == .cancelled)
            #expect(try parent.names() == [])
        }
    }

    @Test func `an output that vanishes while it is made is an error of its own`() throws {
        let error = #expect(throws: EngineError.self) {
            try packer.run(
                progress: { _ in
                    for name in (try? parent.names()) ?? [] {
                        try? FileManager.default.removeItem(atPath: parent.path + "/" + name)
                    }
                }, isCancelled: { false })
        }
        #expect(error?.code == .loadingFailed)
        #expect(error?.message.contains("config.json") == true)
    }

    @Test func `a checkpoint that cannot be read leaves nothing`() throws {
        let broken = parent.path + "/broken"
        try FileManager.default.copyItem(atPath: DemoModel.directory, toPath: broken)
        let weights = try Data(contentsOf: URL(filePath: broken + "/model.safetensors"))
        try weights.dropLast().write(to: URL(filePath: broken + "/model.safetensors"))
        var packer = packer
        packer.model = broken
        let error = #expect(throws: EngineError.self) { try packer.run() }
        #expect(error?.message.contains("broken/model.safetensors") == true)
        #expect(try parent.names() == ["broken"])
        packer.model = parent.path + "/missing"
        #expect(throws: EngineError.self) { try packer.run() }
        #expect(try parent.names() == ["broken"])
    }

    @Test func `a directory in use is not touched unless it is an earlier output`() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: output, withIntermediateDirectories: false)
        // An empty one is as good as none.
        _ = try packer.run()
        let first = try fileSize(of: output + "/packed.safetensors")
        #expect(throws: EngineError.self) { try packer.run() }
        #expect(try fileSize(of: output + "/packed.safetensors") == first)

        var replacing = packer
        replacing.replacesOutput = true
        replacing.quantization = .int4()
        _ = try replacing.run()
        #expect(try fileSize(of: output + "/packed.safetensors") < first)
        #expect(try parent.names() == ["packed"])

        try manager.removeItem(atPath: output + "/packed.safetensors")
        let error = #expect(throws: EngineError.self) { try replacing.run() }
        #expect(error?.message.contains("something else") == true)
        #expect(manager.fileExists(atPath: output + "/tokenizer.json"))

        try manager.removeItem(atPath: output)
        try Data("text".utf8).write(to: URL(filePath: output))
        #expect(throws: EngineError.self) { try replacing.run() }
        #expect(try parent.names() == ["packed"])
    }

    @Test func `what cannot be is refused before anything is written`() throws {
        var packer = packer
        packer.quantization = .int4(groupSize: 48)
        #expect(throws: EngineError.self) { try packer.run() }
        packer.quantization = .none
        packer.dtype = "int16"
        #expect(throws: EngineError.self) { try packer.run() }
        packer.dtype = "auto"
        packer.output = parent.path + "/no/such/directory"
        let error = #expect(throws: EngineError.self) { try packer.run() }
        #expect(error?.message.contains("/no/such/") == true)
        #expect(try parent.names() == [])
    }

    @Test(arguments: [
        (ModelQuantization.none, "none"), (.int8, "int8"), (.int4(), "int4-g32"),
        (.int4(groupSize: 128, isSymmetric: true), "int4-g128-sym"),
    ])
    func `every quantization has a name that reads back`(
        quantization: ModelQuantization, name: String
    ) {
        #expect(quantization.description == name)
        #expect(ModelQuantization(name) == quantization)
    }

    @Test func `names of no quantization are none`() {
        #expect(ModelQuantization("int4") == .int4())
        for name in ["", "int", "int4-g48", "int4-sym-g32", "int4-g32-", "awq", "bfloat16"] {
            #expect(ModelQuantization(name) == nil)
        }
    }
}
