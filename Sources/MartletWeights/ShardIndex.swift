import MartletJSON

/// `model.safetensors.index.json`: which shard holds which tensor.
struct ShardIndex {
    /// Shard file names in order, plain and within the directory of the index, with their tensors.
    let tensorNamesByShard: [(shard: String, names: Set<String>)]

    init(path: String) throws(WeightsError) {
        func failure(_ reason: String) -> WeightsError {
            .malformedIndex(file: path, reason: reason)
        }
        let file = try ConfigurationFile(path: path)
        guard let map = file.members["weight_map"]?.object else {
            throw failure("has no object 'weight_map'")
        }
        var shards: [String: Set<String>] = [:]
        for (name, value) in Array(map) {
            guard let shard = value.string else {
                throw failure("tensor '\(name)' names \(value.kind) for a shard")
            }
            guard Self.isPlainFileName(shard) else {
                throw failure("shard '\(shard)' of tensor '\(name)' is not a plain file name")
            }
            shards[shard, default: []].insert(name)
        }
        tensorNamesByShard = shards.sorted { $0.key < $1.key }
            .map { (shard: $0.key, names: $0.value) }
    }

    /// Whether `name` stays within its directory: an index must not reach out of it.
    private static func isPlainFileName(_ name: String) -> Bool {
        name.hasSuffix(".safetensors") && !name.hasPrefix(".")
            && !name.utf8.contains {
                $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 < 32
            }
    }
}
