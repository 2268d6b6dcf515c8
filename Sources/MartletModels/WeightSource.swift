import MartletTensor
import MartletWeights

/// Where a ``WeightLoader`` gets a model's matrices and vectors from, under the names of its
/// checkpoint.
protocol WeightSource {
    /// The type of what is not quantized.
    var dtype: DType { get }
    /// How the rest is.
    var quantization: WeightQuantization { get }
    /// Whether matrices are pages of a file.
    var isMapped: Bool { get }
    /// Bytes of everything that there is.
    var byteCount: Int { get }

    /// Whether there is a tensor `name`.
    func has(_ name: String) -> Bool

    /// Makes a matrix ready.
    ///
    /// - Parameter loaded: Called with numbers of bytes as they are read; ends the load by throwing.
    func matrix(
        _ request: MatrixRequest, loaded: (Int) throws(WeightsError) -> Void
    ) throws(WeightsError) -> PackedMatrix

    /// The elements of a vector.
    func floats(
        _ name: String, count: Int, loaded: (Int) throws(WeightsError) -> Void
    ) throws(WeightsError) -> [Float]
}

/// A matrix that an architecture asks for.
struct MatrixRequest {
    /// The tensors that are stacked output over output, by their full names.
    let parts: [(name: String, outputs: Int)]
    let inputs: Int
    /// Whether they are stored as `[inputs, outputs]`.
    let isTransposed: Bool
    let role: MatrixRole

    var outputs: Int { parts.reduce(0) { $0 + $1.outputs } }

    /// What the matrix is called in a packed checkpoint.
    var name: String { parts.map(\.name).joined(separator: "+") }
}
