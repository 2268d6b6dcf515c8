import MartletTensor
import MartletWeights

/// What an architecture builds its layers from: named tensors of a checkpoint, checked against the
/// shapes that the configuration promises, packed in parallel, and given back at once.
///
/// Not Sendable: one thread loads a model, and the pool's threads help it.
final class WeightLoader {
    /// The architecture's name, as `config.json` spells it.
    let architecture: String
    /// `config.json`.
    let configuration: ConfigurationFile
    /// `generation_config.json`, where there is one.
    let generationConfiguration: ConfigurationFile?
    /// The type matrices are packed in. Norms and biases are always fp32.
    let dtype: DType
    let pool: WorkerPool
    /// Put before every name: `model.` in most checkpoints, nothing in some.
    var prefix = ""
    /// Elements of all tensors used so far.
    private(set) var parameterCount = 0
    /// Bytes of all matrices and vectors made so far.
    private(set) var weightByteCount = 0

    private let checkpoint: Checkpoint
    private let progress: (Double) -> Void
    private let isCancelled: () -> Bool
    private var loadedByteCount = 0
    private let totalByteCount: Int

    init(
        architecture: String, configuration: ConfigurationFile,
        generationConfiguration: ConfigurationFile?, checkpoint: Checkpoint, dtype: DType,
        pool: WorkerPool, progress: @escaping (Double) -> Void,
        isCancelled: @escaping () -> Bool
    ) {
        self.architecture = architecture
        self.configuration = configuration
        self.generationConfiguration = generationConfiguration
        self.checkpoint = checkpoint
        self.dtype = dtype
        self.pool = pool
        self.progress = progress
        self.isCancelled = isCancelled
        totalByteCount = max(checkpoint.byteCount, 1)
    }

    /// Whether the checkpoint holds `name`.
    func has(_ name: String) -> Bool { checkpoint[prefix + name] != nil }

    /// Takes the first of `candidates` as prefix with which the checkpoint holds `name`; the first
    /// of all where none does, so that the error names the usual spelling.
    func choosePrefix(_ candidates: [String], for name: String) {
        prefix = candidates.first { checkpoint[$0 + name] != nil } ?? candidates.first ?? ""
    }

    /// A linear layer `[outputs, inputs]`, from `name.weight` and, with `bias`, `name.bias`.
    func linear(
        _ name: String, outputs: Int, inputs: Int, bias: Bool = false
    ) throws(WeightsError) -> Linear {
        try linear([(name, outputs)], inputs: inputs, bias: bias)
    }

    /// Several linear layers of the same input as one, stacked in the order given.
    func linear(
        _ parts: [(name: String, outputs: Int)], inputs: Int, bias: Bool = false
    ) throws(WeightsError) -> Linear {
        let weight = try matrix(parts.map { ($0.name + ".weight", $0.outputs) }, inputs: inputs)
        guard bias else { return Linear(weight: weight, bias: nil) }
        var values: [Float] = []
        for part in parts { values += try floats(part.name + ".bias", count: part.outputs) }
        return Linear(weight: weight, bias: vector(values))
    }

    /// A linear layer that is stored as `[inputs, outputs]`, with a bias: GPT-2's `Conv1D`.
    func transposedLinear(
        _ name: String, outputs: Int, inputs: Int
    ) throws(WeightsError) -> Linear {
        let weight = try matrix([(name + ".weight", outputs)], inputs: inputs, transposed: true)
        return Linear(weight: weight, bias: vector(try floats(name + ".bias", count: outputs)))
    }

    /// Matrices stacked output over output. All shapes are checked against the files before any
    /// memory is asked for.
    func matrix(
        _ parts: [(name: String, outputs: Int)], inputs: Int, transposed: Bool = false
    ) throws(WeightsError) -> PackedMatrix {
        var tensors: [(tensor: StoredTensor, dtype: DType)] = []
        for part in parts {
            let shape = transposed ? [inputs, part.outputs] : [part.outputs, inputs]
            let tensor = try checkpoint.tensor(prefix + part.name, shape: shape)
            tensors.append((tensor, try tensor.weightDType()))
        }
        let outputCount = parts.reduce(0) { $0 + $1.outputs }
        let packed = PackedMatrix(outputCount: outputCount, inputCount: inputs, dtype: dtype)
        var start = 0
        for (part, source) in zip(parts, tensors) {
            source.tensor.withBytes { bytes in
                packed.pack(
                    bytes, sourceDType: source.dtype, outputs: start..<start + part.outputs,
                    transposed: transposed, sourceRowStride: nil, pool: pool)
            }
            start += part.outputs
            try finish(source.tensor)
        }
        weightByteCount += packed.byteCount
        return packed
    }

    /// A vector of `count` elements, in fp32 whatever its type at rest.
    func vector(_ name: String, count: Int) throws(WeightsError) -> Vector {
        vector(try floats(name, count: count))
    }

    /// A vector that is not in the checkpoint.
    func vector(_ values: [Float]) -> Vector {
        weightByteCount += values.count * MemoryLayout<Float>.stride
        return Vector(values)
    }

    private func floats(_ name: String, count: Int) throws(WeightsError) -> [Float] {
        let tensor = try checkpoint.tensor(prefix + name, shape: [count])
        let values = try tensor.floats()
        try finish(tensor)
        return values
    }

    /// Counts a tensor, gives its pages back, and stops where the caller asks for it.
    private func finish(_ tensor: StoredTensor) throws(WeightsError) {
        tensor.discard()
        parameterCount += tensor.byteCount * 8 / (tensor.dtype.bitCount ?? 8)
        loadedByteCount += tensor.byteCount
        progress(min(Double(loadedByteCount) / Double(totalByteCount), 1))
        if isCancelled() { throw .cancelled }
    }
}
