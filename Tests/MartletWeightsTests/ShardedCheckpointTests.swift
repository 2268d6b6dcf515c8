import MartletTestSupport
import MartletWeights
import Testing

@Suite struct ShardedCheckpointTests {
    private let a = safetensors(
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, dataCount: 8)
    private let b = safetensors(
        #"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, dataCount: 4)
    private let indexName = "model.safetensors.index.json"

    private func checkpoint(
        index: String, shards: [String: [UInt8]]
    ) throws -> (directory: TemporaryDirectory, index: String) {
        let directory = try TemporaryDirectory()
        for (name, bytes) in shards { try directory.write(bytes, name) }
        return (directory, try directory.write(index, indexName))
    }

    @Test func `tensors come from the shards that the index names`() throws {
        let (directory, _) = try checkpoint(
            index: #"{"metadata":{},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"#,
            shards: ["1.safetensors": a, "2.safetensors": b])
        let checkpoint = try Checkpoint(directory: directory.path)
        #expect(checkpoint.tensorNames == ["a", "b"])
        #expect(checkpoint.byteCount == 12)
        #expect(try checkpoint.tensor("b", shape: [1]).path.hasSuffix("/2.safetensors"))
    }

    @Test func `a missing shard is named`() throws {
        let (directory, index) = try checkpoint(
            index: #"{"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"#,
            shards: ["1.safetensors": a])
        #expect(
            throws: WeightsError.missingShard(
                file: directory.path + "/2.safetensors", index: index)
        ) { try Checkpoint(directory: directory.path) }
    }

    @Test func `a tensor that its shard lacks is named`() throws {
        let (directory, _) = try checkpoint(
            index: #"{"weight_map":{"a":"1.safetensors","c":"1.safetensors"}}"#,
            shards: ["1.safetensors": a])
        #expect(
            throws: WeightsError.missingTensor(
                file: directory.path + "/1.safetensors", tensor: "c")
        ) { try Checkpoint(directory: directory.path) }
    }

    @Test(arguments: [
        #"{"weight_map":{"a":"../1.safetensors"}}"#,
        #"{"weight_map":{"a":"/etc/1.safetensors"}}"#,
        #"{"weight_map":{"a":"x\\1.safetensors"}}"#,
        #"{"weight_map":{"a":"1\u00001.safetensors"}}"#,
        #"{"weight_map":{"a":".safetensors"}}"#,
        #"{"weight_map":{"a":"passwd"}}"#,
        #"{"weight_map":{"a":""}}"#,
        #"{"weight_map":{"a":7}}"#,
        #"{"weight_map":["a"]}"#,
        #"{"metadata":{}}"#,
    ])
    func `an index that reaches out or makes no sense is refused`(text: String) throws {
        let (directory, index) = try checkpoint(index: text, shards: ["1.safetensors": a])
        let error = #expect(throws: WeightsError.self) {
            try Checkpoint(directory: directory.path)
        }
        guard case .malformedIndex(index, _) = error else {
            Issue.record("\(text): \(String(describing: error))")
            return
        }
    }

    @Test func `a directory without checkpoint says so`() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: WeightsError.noCheckpoint(directory: directory.path)) {
            try Checkpoint(directory: directory.path)
        }
    }

    @Test func `a shard that is a directory is refused`() throws {
        let (directory, _) = try checkpoint(
            index: #"{"weight_map":{"a":"1.safetensors"}}"#, shards: [:])
        let inner = try TemporaryDirectory()
        try symlink(inner.path, directory.path + "/1.safetensors")
        let error = #expect(throws: WeightsError.self) {
            try Checkpoint(directory: directory.path)
        }
        #expect(error?.description.contains("not a regular file") == true)
    }
}
