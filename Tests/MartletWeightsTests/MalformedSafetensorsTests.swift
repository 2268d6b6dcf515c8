import MartletTestSupport
import MartletWeights
import Testing

@Suite struct MalformedSafetensorsTests {
    /// Headers over 16 bytes of data, each with the tensor and a word of its complaint.
    static let lyingHeaders: [(header: String, tensor: String, reason: String)] = [
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,32]}}"#, "a", "data_offsets span"),
        (#"{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}"#, "a", "after the end"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "a", "ascending"),
        (#"{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}"#, "a", "natural"),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}"#, "a", "natural"),
        (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16,32]}}"#, "a", "data_offsets"),
        (#"{"a":{"dtype":"F32","shape":[4.5],"data_offsets":[0,16]}}"#, "a", "shape"),
        (#"{"a":{"dtype":"F32","shape":4,"data_offsets":[0,16]}}"#, "a", "shape"),
        (#"{"a":{"dtype":"F32","data_offsets":[0,16]}}"#, "a", "shape"),
        (#"{"a":{"dtype":32,"shape":[4],"data_offsets":[0,16]}}"#, "a", "dtype"),
        (#"{"a":[1,2,3]}"#, "a", "dtype"),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,16]}}"#, "a",
            "no size"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[4],"#
                + #""data_offsets":[9223372036854775800,9223372036854775807]}}"#,
            "a", "data_offsets"
        ),
        (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, "a", "no size"),
        (
            #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}"#
                + #","b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
            "b", "overlaps"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
                + #","b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
            "b", "gap of 4"
        ),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[4,16]}}"#, "a", "gap of 4"),
    ]

    @Test(arguments: lyingHeaders.indices)
    func `a lying header is an error that names file and tensor`(index: Int) throws {
        let (header, tensor, reason) = Self.lyingHeaders[index]
        let directory = try TemporaryDirectory()
        let file = try directory.write(safetensors(header, dataCount: 16), "model.safetensors")
        let error = #expect(throws: WeightsError.self) {
            try Checkpoint(directory: directory.path)
        }
        guard case .malformedTensor(file, tensor, let found) = error else {
            Issue.record("\(header): \(String(describing: error))")
            return
        }
        #expect(found.contains(reason), "\(header): \(found)")
    }

    static let brokenFiles: [(bytes: [UInt8], reason: String)] = [
        ([], "0 bytes"),
        ([1, 2, 3], "3 bytes"),
        (safetensors("{}", dataCount: 0, claiming: 100_000_001), "more than"),
        (safetensors("{}", dataCount: 0, claiming: .max), "more than"),
        (safetensors("{}", dataCount: 0, claiming: 3), "in a file of 10"),
        (safetensors("{}", dataCount: 5), "5 bytes after the last tensor"),
        (safetensors("[]", dataCount: 0), "not a JSON object"),
        (safetensors(#"{"a":"#, dataCount: 0), "invalid JSON"),
        (safetensors("{\"\u{1}\":1}", dataCount: 0), "invalid JSON"),
        (safetensors(String(repeating: "[", count: 100_000), dataCount: 0), "nested"),
        (safetensors("", dataCount: 0), "invalid JSON"),
    ]

    @Test(arguments: brokenFiles.indices)
    func `a broken file is an error that names it`(index: Int) throws {
        let (bytes, reason) = Self.brokenFiles[index]
        let directory = try TemporaryDirectory()
        let file = try directory.write(bytes, "model.safetensors")
        let error = #expect(throws: WeightsError.self) {
            try Checkpoint(directory: directory.path)
        }
        guard case .malformedHeader(file, let found) = error else {
            Issue.record("\(reason): \(String(describing: error))")
            return
        }
        #expect(found.contains(reason), "\(found)")
    }

    @Test func `a file cut off at any byte is an error`() throws {
        let header =
            #"{"a":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}"#
            + #","b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#
        let whole = safetensors(header, dataCount: 16)
        let directory = try TemporaryDirectory()
        for count in 0..<whole.count {
            try directory.write(whole.prefix(count), "model.safetensors")
            #expect(throws: WeightsError.self, "\(count) bytes") {
                try Checkpoint(directory: directory.path)
            }
        }
        try directory.write(whole, "model.safetensors")
        #expect(try Checkpoint(directory: directory.path).tensorNames == ["a", "b"])
    }

    @Test func `flipped bytes never do worse than a typed error`() throws {
        let header =
            #"{"__metadata__":{"format":"pt"},"#
            + #""a":{"dtype":"BF16","shape":[2,2],"data_offsets":[0,8]}"#
            + #","b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#
        let whole = safetensors(header, dataCount: 16)
        let directory = try TemporaryDirectory()
        var state: UInt64 = 0x5EED
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var refused = 0
        for round in 0..<1_000 {
            var bytes = whole
            for _ in 0...next(3) { bytes[next(8 + header.utf8.count)] ^= UInt8(1 << next(8)) }
            try directory.write(bytes, "model.safetensors")
            do throws(WeightsError) {
                let checkpoint = try Checkpoint(directory: directory.path)
                for name in checkpoint.tensorNames {
                    guard let tensor = checkpoint[name] else { continue }
                    #expect(tensor.byteCount <= 16, "round \(round), seed 0x5EED")
                    _ = tensor.withBytes { $0.reduce(0) { $0 &+ Int($1) } }
                }
            } catch {
                #expect(error.description.contains("model.safetensors"), "round \(round)")
                refused += 1
            }
        }
        #expect(refused > 300)
    }
}
