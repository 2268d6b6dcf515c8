/// The weights of a model at rest: one safetensors file, or shards with their index.
///
/// Opening reads headers only. The tensors stay in the page cache until they are packed.
package struct Checkpoint: Sendable {
    package let directory: String
    /// The file that stands for the whole in messages: the single file or the index.
    package let path: String
    private let tensors: [String: StoredTensor]

    /// Opens the checkpoint in `directory`.
    ///
    /// - Throws: ``WeightsError`` naming the file, and the tensor where there is one.
    package init(directory: String) throws(WeightsError) {
        self.directory = directory
        let single = directory + "/model.safetensors"
        let index = single + ".index.json"
        var tensors: [String: StoredTensor] = [:]
        if fileExists(single) {
            path = single
            for tensor in try Self.tensors(inFile: single) { tensors[tensor.name] = tensor }
        } else if fileExists(index) {
            path = index
            let shards = try ShardIndex(path: index)
            for (shard, names) in shards.tensorNamesByShard {
                let path = directory + "/" + shard
                guard fileExists(path) else { throw .missingShard(file: path, index: index) }
                for tensor in try Self.tensors(inFile: path) where names.contains(tensor.name) {
                    tensors[tensor.name] = tensor
                }
                if let absent = names.filter({ tensors[$0] == nil }).min() {
                    throw .missingTensor(file: path, tensor: absent)
                }
            }
        } else {
            throw .noCheckpoint(directory: directory)
        }
        self.tensors = tensors
    }

    private static func tensors(inFile path: String) throws(WeightsError) -> [StoredTensor] {
        let file = try MappedFile(path: path)
        let header = try SafetensorsHeader(parsing: file.bytes, file: path)
        return header.entries.map { StoredTensor($0, in: file) }
    }

    /// Names of all tensors, sorted.
    package var tensorNames: [String] { tensors.keys.sorted() }

    /// Bytes of all tensors together.
    package var byteCount: Int { tensors.values.reduce(0) { $0 + $1.byteCount } }

    package subscript(name: String) -> StoredTensor? { tensors[name] }

    /// The tensor `name`, which the configuration says is of `shape`.
    ///
    /// - Throws: ``WeightsError/missingTensor(file:tensor:)``,
    ///   ``WeightsError/wrongShape(file:tensor:expected:found:)``.
    package func tensor(_ name: String, shape: [Int]) throws(WeightsError) -> StoredTensor {
        guard let tensor = tensors[name] else { throw .missingTensor(file: path, tensor: name) }
        guard tensor.shape == shape else {
            throw .wrongShape(
                file: tensor.path, tensor: name, expected: shape, found: tensor.shape)
        }
        return tensor
    }
}
