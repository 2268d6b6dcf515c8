import CMartletKernels

/// How an operator makes a row from another row.
///
/// A linear layer can make the rows of its input itself, each right before it is rounded or
/// quantized for the product: it is in the nearest cache then, and the threads meet once less.
package enum RowMaker {
    /// `x / sqrt(mean(x^2) + epsilon) * weight`.
    case rmsNorm(of: Tensor, weight: Vector, epsilon: Float)
    /// `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
    case layerNorm(of: Tensor, weight: Vector, bias: Vector, epsilon: Float)
    /// `activation(gate) * up` of rows that hold the gate, then as many columns to scale.
    case gate(of: Tensor, Activation)
    /// `activation(x)` in place.
    case activation(Activation)
}

/// A ``RowMaker`` at work. It holds addresses alone, so that threads share no reference counts; who
/// runs it keeps the maker and its target.
struct MakeRows: RowOperation {
    private enum Kind {
        case rmsNorm(weight: UnsafePointer<Float>, epsilon: Float)
        case layerNorm(weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float)
        case gate(martlet_activation)
        case activation(martlet_activation)
    }

    private let kind: Kind
    private let source: UnsafeMutablePointer<Float>
    private let sourceStride: Int
    private let target: UnsafeMutablePointer<Float>
    private let targetStride: Int
    private let columnCount: Int
    private let norms: martlet_norm_kernels
    private let activations: martlet_activation_kernels

    /// Traps where the shapes do not fit.
    init(_ maker: RowMaker, into y: Tensor, _ kernels: KernelTable) {
        var x = y
        switch maker {
        case .rmsNorm(let rows, let weight, let epsilon):
            precondition(weight.count == y.columns, "rmsNorm weight of \(weight.count)")
            x = rows
            kind = .rmsNorm(weight: weight.pointer, epsilon: epsilon)
        case .layerNorm(let rows, let weight, let bias, let epsilon):
            precondition(
                weight.count == y.columns && bias.count == y.columns,
                "layerNorm weights do not fit")
            x = rows
            kind = .layerNorm(weight: weight.pointer, bias: bias.pointer, epsilon: epsilon)
        case .gate(let rows, let activation):
            x = rows
            kind = .gate(activation.kernelName)
        case .activation(let activation):
            kind = .activation(activation.kernelName)
        }
        precondition(
            x.rows == y.rows && x.columns == maker.columnCount(y),
            "[\(x.rows), \(x.columns)] made into [\(y.rows), \(y.columns)]")
        (source, sourceStride) = (x.pointer, x.rowStride)
        (target, targetStride) = (y.pointer, y.rowStride)
        columnCount = y.columns
        norms = kernels.norm
        activations = kernels.activation
    }

    func apply(to row: Int) {
        let x = source + row * sourceStride
        let y = target + row * targetStride
        switch kind {
        case .rmsNorm(let weight, let epsilon):
            norms.rms(x, weight, epsilon, columnCount, y)
        case .layerNorm(let weight, let bias, let epsilon):
            norms.layer(x, weight, bias, epsilon, columnCount, y)
        case .gate(let activation):
            activations.gate(x, x + columnCount, activation, columnCount, y)
        case .activation(let activation):
            activations.apply(x, activation, columnCount, y)
        }
    }
}

/// Two operations on a row, one right after the other.
struct RowSequence<Second: RowOperation>: RowOperation {
    let first: MakeRows?
    let second: Second

    func apply(to row: Int) {
        first?.apply(to: row)
        second.apply(to: row)
    }
}

extension Operators {
    /// Makes all rows of `y`, which may be what they are made from.
    package func make(_ y: Tensor, by maker: RowMaker) {
        withExtendedLifetime((y, maker)) {
            forEachRow(y.rows, columns: maker.columnCount(y), MakeRows(maker, into: y, kernels))
        }
    }
}

extension RowMaker {
    /// Columns that are read for a row of `y`.
    func columnCount(_ y: Tensor) -> Int {
        if case .gate = self { 2 * y.columns } else { y.columns }
    }
}
