import MartletTensor
import MartletWeights

/// Takes matrices from a packed checkpoint as they lie, and has their pages read.
///
/// The pages are the page cache's. They are brought in here, in parallel, and not when a step first
/// touches them: so progress is seen while a slow disk reads, and no first step counts as stuck.
struct PackedSource: WeightSource {
    let quantization: WeightQuantization
    private let checkpoint: PackedCheckpoint
    private let pool: WorkerPool

    /// - Throws: ``WeightsError`` where `dtype` or `quantization` ask for other weights than there
    ///   are, naming the file.
    init(
        _ checkpoint: PackedCheckpoint, dtype: WeightType, quantization: WeightQuantization?,
        pool: WorkerPool
    ) throws(WeightsError) {
        guard let held = WeightQuantization(checkpoint.quantization) else {
            throw .malformedHeader(
                file: checkpoint.path, reason: "no quantization in its metadata")
        }
        guard quantization ?? held == held,
            dtype.resolved(stored: checkpoint.dtype) == checkpoint.dtype
        else {
            throw .packedOtherwise(
                file: checkpoint.path, dtype: checkpoint.dtype.rawValue,
                quantization: held.description)
        }
        self.quantization = held
        self.checkpoint = checkpoint
        self.pool = pool
    }

    var dtype: DType { checkpoint.dtype }

    var isMapped: Bool { true }

    var byteCount: Int { checkpoint.byteCount }

    func has(_ name: String) -> Bool { checkpoint.has(name) }

    func matrix(
        _ request: MatrixRequest, loaded: (Int) throws(WeightsError) -> Void
    ) throws(WeightsError) -> PackedMatrix {
        let matrix = try checkpoint.matrix(
            request.name, outputs: request.outputs, inputs: request.inputs)
        try check(matrix.layout, of: request)
        matrix.prefetch(pool: pool)
        try loaded(matrix.byteCount)
        return matrix
    }

    /// A matrix is quantized as the whole file says it is, and so its activations will be.
    private func check(
        _ layout: PackedLayout, of request: MatrixRequest
    ) throws(WeightsError) {
        func malformed(_ reason: String) -> WeightsError {
            .malformedTensor(file: checkpoint.path, tensor: request.name, reason: reason)
        }
        let expected: PackedLayout
        do throws(TensorError) {
            expected = try quantization.layout(
                of: request.role, dtype: dtype, outputs: request.outputs, inputs: request.inputs)
        } catch {
            throw malformed(error.description)
        }
        guard layout == expected else {
            throw malformed(
                "packed as \(layout.format.name), and \(expected.format.name) by the file's "
                    + "type \(dtype.rawValue) and quantization \(quantization)")
        }
    }

    func floats(
        _ name: String, count: Int, loaded: (Int) throws(WeightsError) -> Void
    ) throws(WeightsError) -> [Float] {
        let values = try checkpoint.floats(name, count: count)
        try loaded(values.count * MemoryLayout<Float>.stride)
        return values
    }
}
