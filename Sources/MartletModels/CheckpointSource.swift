import MartletTensor
import MartletWeights

/// Packs a checkpoint's tensors, in parallel, quantizing where that is asked for, and gives the
/// pages of each back at once.
struct CheckpointSource: WeightSource {
    let dtype: DType
    let quantization: WeightQuantization
    private let checkpoint: Checkpoint
    private let pool: WorkerPool

    init(
        _ checkpoint: Checkpoint, dtype: WeightType, quantization: WeightQuantization,
        pool: WorkerPool
    ) {
        self.checkpoint = checkpoint
        self.dtype = dtype.resolved(stored: checkpoint.dominantDType)
        self.quantization = quantization
        self.pool = pool
    }

    var isMapped: Bool { false }

    var byteCount: Int { checkpoint.byteCount }

    func has(_ name: String) -> Bool { checkpoint[name] != nil }

    /// All shapes are checked against the files before any memory is asked for.
    func matrix(
        _ request: MatrixRequest, loaded: (Int) throws(WeightsError) -> Void
    ) throws(WeightsError) -> PackedMatrix {
        let inputs = request.inputs
        var tensors: [(tensor: StoredTensor, dtype: DType)] = []
        for part in request.parts {
            let shape = request.isTransposed ? [inputs, part.outputs] : [part.outputs, inputs]
            let tensor = try checkpoint.tensor(part.name, shape: shape)
            tensors.append((tensor, try tensor.weightDType()))
        }
        let packed = PackedMatrix(layout: try layout(of: request))
        var start = 0
        for (part, source) in zip(request.parts, tensors) {
            source.tensor.withBytes { bytes in
                packed.pack(
                    bytes, sourceDType: source.dtype, outputs: start..<start + part.outputs,
                    transposed: request.isTransposed, sourceRowStride: nil, pool: pool)
            }
            start += part.outputs
            source.tensor.discard()
            try loaded(source.tensor.byteCount)
        }
        return packed
    }

    private func layout(of request: MatrixRequest) throws(WeightsError) -> PackedLayout {
        do throws(TensorError) {
            return try quantization.layout(
                of: request.role, dtype: dtype, outputs: request.outputs, inputs: request.inputs)
        } catch {
            throw .malformedTensor(
                file: checkpoint.path, tensor: request.name, reason: error.description)
        }
    }

    func floats(
        _ name: String, count: Int, loaded: (Int) throws(WeightsError) -> Void
    ) throws(WeightsError) -> [Float] {
        let tensor = try checkpoint.tensor(name, shape: [count])
        let values = try tensor.floats()
        tensor.discard()
        try loaded(tensor.byteCount)
        return values
    }
}

extension Checkpoint {
    /// The type that holds most of the bytes, of those that weights can have; fp32 for a file
    /// without any.
    var dominantDType: DType {
        var byteCounts: [DType: Int] = [:]
        for name in tensorNames {
            guard let tensor = self[name], let dtype = try? tensor.weightDType() else { continue }
            byteCounts[dtype, default: 0] += tensor.byteCount
        }
        return byteCounts.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key
            ?? .float32
    }
}
