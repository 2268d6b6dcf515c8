import CMartletKernels

extension Operators {
    /// y = x / sqrt(mean(x^2) + epsilon) * weight per row; `y` may be `x`.
    package func rmsNorm(_ x: Tensor, weight: Vector, epsilon: Float, into y: Tensor) {
        precondition(weight.count == x.columns, "rmsNorm weight of \(weight.count)")
        precondition(y.rows == x.rows && y.columns == x.columns, "rmsNorm shapes differ")
        forEachRow(
            x.rows, columns: x.columns,
            RMSNormRows(x: x, weight: weight, epsilon: epsilon, y: y, kernels: kernels.norm))
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias per row; `y` may be `x`.
    package func layerNorm(
        _ x: Tensor, weight: Vector, bias: Vector, epsilon: Float, into y: Tensor
    ) {
        precondition(
            weight.count == x.columns && bias.count == x.columns, "layerNorm weights do not fit")
        precondition(y.rows == x.rows && y.columns == x.columns, "layerNorm shapes differ")
        forEachRow(
            x.rows, columns: x.columns,
            LayerNormRows(
                x: x, weight: weight, bias: bias, epsilon: epsilon, y: y, kernels: kernels.norm))
    }
}

private struct RMSNormRows: RowOperation {
    let x: Tensor
    let weight: Vector
    let epsilon: Float
    let y: Tensor
    let kernels: martlet_norm_kernels

    func apply(to row: Int) {
        kernels.rms(
            x.pointer + row * x.rowStride, weight.pointer, epsilon, x.columns,
            y.pointer + row * y.rowStride)
    }
}

private struct LayerNormRows: RowOperation {
    let x: Tensor
    let weight: Vector
    let bias: Vector
    let epsilon: Float
    let y: Tensor
    let kernels: martlet_norm_kernels

    func apply(to row: Int) {
        kernels.layer(
            x.pointer + row * x.rowStride, weight.pointer, bias.pointer, epsilon, x.columns,
            y.pointer + row * y.rowStride)
    }
}
