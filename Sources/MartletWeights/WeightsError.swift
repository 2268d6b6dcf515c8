/// Everything that can be wrong between a model's directory and a model in memory.
///
/// Each case names the file, and the tensor or field where there is one, since these messages are
/// read by people who hold a checkpoint made by somebody else.
package enum WeightsError: Error, Hashable, Sendable {
    /// A file cannot be opened, mapped or believed at all.
    case unreadable(file: String, reason: String)
    /// The directory holds neither `model.safetensors` nor its index.
    case noCheckpoint(directory: String)
    /// A safetensors header that is truncated, too long or not what the format demands.
    case malformedHeader(file: String, reason: String)
    /// One tensor's entry in a header contradicts itself, its file or its neighbours.
    case malformedTensor(file: String, tensor: String, reason: String)
    /// An index that is not what the format demands.
    case malformedIndex(file: String, reason: String)
    /// A shard that the index names is not there.
    case missingShard(file: String, index: String)
    /// A tensor that the model, or the index, asks for is not in the file.
    case missingTensor(file: String, tensor: String)
    /// A tensor has another shape than the configuration promises.
    case wrongShape(file: String, tensor: String, expected: [Int], found: [Int])
    /// A tensor is of a kind that cannot be a weight here.
    case unsupportedDType(file: String, tensor: String, dtype: String)
    /// A JSON file that is not JSON, or not an object.
    case malformedConfiguration(file: String, reason: String)
    /// A field that is missing, of the wrong type or out of range.
    case invalidField(file: String, field: String, reason: String)
    /// A field asks for something that exists but is not built here.
    case unsupportedField(file: String, field: String, reason: String)
    /// None of the architectures that the configuration names is built here.
    case unknownArchitecture(file: String, found: [String], supported: [String])
    /// A packed checkpoint of a layout that this version does not read.
    case unknownLayout(file: String, found: String, supported: Int)
    /// A packed checkpoint whose weights are of another type or quantization than was asked for.
    case packedOtherwise(file: String, dtype: String, quantization: String)
    /// A file cannot be written.
    case unwritable(file: String, reason: String)
    /// The caller asked to stop loading.
    case cancelled
}

extension WeightsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file): cannot be read: \(reason)"
        case .noCheckpoint(let directory):
            "\(directory): holds neither model.safetensors nor model.safetensors.index.json"
        case .malformedHeader(let file, let reason):
            "\(file): malformed safetensors header: \(reason)"
        case .malformedTensor(let file, let tensor, let reason):
            "\(file): tensor '\(tensor)': \(reason)"
        case .malformedIndex(let file, let reason):
            "\(file): malformed index: \(reason)"
        case .missingShard(let file, let index):
            "\(file): missing, though \(index) names it"
        case .missingTensor(let file, let tensor):
            "\(file): tensor '\(tensor)' is missing"
        case .wrongShape(let file, let tensor, let expected, let found):
            "\(file): tensor '\(tensor)' has shape \(found), the configuration asks for \(expected)"
        case .unsupportedDType(let file, let tensor, let dtype):
            "\(file): tensor '\(tensor)' is of dtype \(dtype); F32, F16 and BF16 can be loaded"
        case .malformedConfiguration(let file, let reason):
            "\(file): \(reason)"
        case .invalidField(let file, let field, let reason):
            "\(file): field '\(field)' \(reason)"
        case .unsupportedField(let file, let field, let reason):
            "\(file): field '\(field)': \(reason)"
        case .unknownArchitecture(let file, let found, let supported):
            "\(file): architecture "
                + (found.isEmpty ? "(none named)" : found.joined(separator: ", "))
                + " is not supported; supported are \(supported.joined(separator: ", "))"
        case .unknownLayout(let file, let found, let supported):
            "\(file): packed in layout \(found), and layout \(supported) can be read; pack the "
                + "model again from its original checkpoint"
        case .packedOtherwise(let file, let dtype, let quantization):
            "\(file): packed as \(dtype) with quantization \(quantization), which cannot be "
                + "changed; pack the model again from its original checkpoint"
        case .unwritable(let file, let reason):
            "\(file): cannot be written: \(reason)"
        case .cancelled:
            "loading was cancelled"
        }
    }
}
