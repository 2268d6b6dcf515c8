import Foundation
import MartletModels
import MartletTensor
import MartletTestSupport
import MartletWeights
import Testing

/// Packed files that nobody would write.
@Suite struct DamagedPackedModelTests {
    private let pool = WorkerPool(threadCount: 1)
    private var directory: TemporaryDirectory
    private var whole: [UInt8]

    init() throws {
        (directory, whole) = try Self.pack(.int4(groupSize: 32, hasMinimum: true), pool)
    }

    private static func pack(
        _ quantization: WeightQuantization, _ pool: WorkerPool
    ) throws -> (TemporaryDirectory, [UInt8]) {
        let source = try TinyCheckpoint.llama.write()
        let directory = try TemporaryDirectory()
        _ = try ModelRegistry.packModel(
            directory: source.path, into: directory.path, quantization: quantization, pool: pool)
        let file = URL(filePath: directory.path + "/packed.safetensors")
        return (directory, [UInt8](try Data(contentsOf: file)))
    }

    private func load(_ bytes: some Sequence<UInt8>) throws(WeightsError) {
        do {
            try directory.write(bytes, "packed.safetensors")
        } catch {
            Issue.record("\(error)")
        }
        _ = try ModelRegistry.loadModel(directory: directory.path, pool: pool)
    }

    /// Bytes of the header that are not blank.
    private var headerLength: Int {
        let length = whole[..<8].reversed().reduce(0) { $0 << 8 + Int($1) }
        return whole[..<(8 + length)].lastIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? 0
    }

    /// The header with `text` replaced by one of the same length.
    private func edited(_ text: String, _ replacement: String) throws -> [UInt8] {
        #expect(text.utf8.count == replacement.utf8.count)
        let start = try #require(
            whole.indices.first { whole[$0...].starts(with: text.utf8) }, "\(text)")
        var bytes = whole
        bytes.replaceSubrange(start..<start + text.utf8.count, with: replacement.utf8)
        return bytes
    }

    @Test func `the file as it was written loads`() throws {
        try load(whole)
    }

    @Test func `a file cut off anywhere is an error that names it`() throws {
        let cuts = Array(stride(from: 0, to: whole.count, by: 397)) + [8, whole.count - 1]
        for count in cuts {
            let error = #expect(throws: WeightsError.self, "\(count) bytes") {
                try load(whole.prefix(count))
            }
            #expect(error?.description.contains("packed.safetensors") == true)
        }
    }

    @Test func `a missing file is an error that names it`() throws {
        try FileManager.default.removeItem(atPath: directory.path + "/packed.safetensors")
        let error = #expect(throws: WeightsError.self) {
            try ModelRegistry.loadModel(directory: directory.path, pool: pool)
        }
        guard case .unreadable(directory.path + "/packed.safetensors", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        (#""martlet.layout":"1""#, #""martlet.layout":"2""#, "layout 2"),
        (#""martlet.layout":"1""#, #""martlet.layouT":"1""#, "layout (none)"),
        (#""martlet.dtype":"bfloat16""#, #""martlet.dtype":"bfloat17""#, "type of weights"),
        (#""martlet.dtype":"bfloat16""#, #""martlet.dtypE":"bfloat16""#, "type of weights"),
        (#""martlet.quantization":"int4"#, #""martlet.quantization":"int5"#, "quantization"),
        ("int4-g32 8x12", "int4-g31 8x12", "how it is packed"),
        ("int4-g32 8x12", "int4-g64 8x12", "bytes"),
        ("int4-g32 8x12", "bfloat16 8x12", "bytes"),
        ("int4-g32 8x12", "int4-g32 12x8", "asks for"),
        ("int4-g32 8x12", "int4-g32 0x12", "how it is packed"),
        ("int4-g32 8x12", "int4-g32 +8x9", "how it is packed"),
        ("int4-g32 8x12", "int4-g32 8 12", "how it is packed"),
        ("int8 10x8", "int8 09x8", "how it is packed"),
    ])
    func `a header that lies is an error`(
        text: String, replacement: String, reason: String
    ) throws {
        let bytes = try edited(text, replacement)
        let error = #expect(throws: WeightsError.self) { try load(bytes) }
        let description = error?.description ?? ""
        #expect(description.contains("packed.safetensors"), "\(description)")
        #expect(description.contains(reason), "\(description)")
    }

    @Test(arguments: [
        (
            WeightQuantization.none, #""martlet.quantization":"none""#,
            #""martlet.quantization":"int8""#, "embed_tokens.weight", "bfloat16", "int8"
        ),
        (
            .int8, #""martlet.quantization":"int8""#, #""martlet.quantization":"none""#,
            "embed_tokens.weight", "int8", "bfloat16"
        ),
        (
            .int4(groupSize: 32, hasMinimum: true), #""martlet.quantization":"int4-g32""#,
            #""martlet.quantization":"int4-g64""#, "q_proj.weight", "int4-g32", "int4-g64"
        ),
        (
            .none, #""martlet.dtype":"bfloat16""#, #""martlet.dtype":"float16" "#,
            "embed_tokens.weight", "bfloat16", "float16"
        ),
    ])
    mutating func `matrices of another format than the file says are an error`(
        quantization: WeightQuantization, text: String, replacement: String, tensor: String,
        found: String, said: String
    ) throws {
        (directory, whole) = try Self.pack(quantization, pool)
        try load(whole)
        let bytes = try edited(text, replacement)
        let error = #expect(throws: WeightsError.self) { try load(bytes) }
        guard case .malformedTensor(let file, let name, let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(file.hasSuffix("/packed.safetensors"))
        #expect(name.contains(tensor))
        #expect(reason.hasPrefix("packed as \(found), and \(said) by"), "\(reason)")
    }

    @Test func `a matrix that is not aligned is an error`() throws {
        // One blank less in the header moves everything by a byte.
        var bytes = whole
        bytes.remove(at: headerLength)
        bytes[0] -= 1
        let error = #expect(throws: WeightsError.self) { try load(bytes) }
        guard case .malformedTensor(_, "model.embed_tokens.weight", let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("aligned"))
    }

    @Test func `flipped bits never do worse than an error that names the file`() throws {
        var state: UInt64 = 0x5EED
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for round in 0..<100 {
            var bytes = whole
            for _ in 0...next(3) {
                // Most of them in the header, the others in numbers, which mean what they are.
                let place = next(4) == 0 ? next(whole.count) : next(headerLength)
                bytes[place] ^= UInt8(1 << next(8))
            }
            do throws(WeightsError) {
                try load(bytes)
            } catch {
                refused += 1
                #expect(
                    error.description.contains("packed.safetensors"),
                    "round \(round), seed 0x5EED: \(error)")
            }
        }
        #expect(refused > 50)
    }
}
