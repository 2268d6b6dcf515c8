import CMartletKernels

extension Operators {
    /// y = x / sqrt(mean(x^2) + epsilon) * weight per row; `y` may be `x`.
    package func rmsNorm(_ x: Tensor, weight: Vector, epsilon: Float, into y: Tensor) {
        precondition(weight.count == x.columns, "rmsNorm weight of \(weight.count)")
        precondition(y.rows == x.rows && y.columns == x.columns, "rmsNorm shapes differ")
        let function = kernels.norm.rms
        withExtendedLifetime((x, weight, y)) {
            forEachRow(x.rows, columns: x.columns) { row in
                function(
                    x.pointer + row * x.rowStride, weight.pointer, epsilon, x.columns,
                    y.pointer + row * y.rowStride)
            }
        }
    }

    /// y = (x - mean) / sqrt(variance + epsilon) * weight + bias per row; `y` may be `x`.
    package func layerNorm(
        _ x: Tensor, weight: Vector, bias: Vector, epsilon: Float, into y: Tensor
    ) {
        precondition(
            weight.count == x.columns && bias.count == x.columns, "layerNorm weights do not fit")
        precondition(y.rows == x.rows && y.columns == x.columns, "layerNorm shapes differ")
        let function = kernels.norm.layer
        withExtendedLifetime((x, weight, bias, y)) {
            forEachRow(x.rows, columns: x.columns) { row in
                function(
                    x.pointer + row * x.rowStride, weight.pointer, bias.pointer, epsilon,
                    x.columns, y.pointer + row * y.rowStride)
            }
        }
    }
}
