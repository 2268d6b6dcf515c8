import MartletTensor

/// What norms each row of its input.
protocol RowNorm: Sendable {
    /// Says how to norm the rows of `x`.
    func callAsFunction(of x: Tensor) -> RowMaker
}

/// `y = x / sqrt(mean(x²) + epsilon) * weight`.
///
/// - Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019.
struct RMSNorm: RowNorm {
    let weight: Vector
    let epsilon: Float

    func callAsFunction(of x: Tensor) -> RowMaker {
        .rmsNorm(of: x, weight: weight, epsilon: epsilon)
    }
}

/// `y = (x - mean(x)) / sqrt(variance(x) + epsilon) * weight + bias`.
///
/// - Source: Ba, Kiros and Hinton, Layer Normalization, 2016.
struct LayerNorm: RowNorm {
    let weight: Vector
    let bias: Vector
    let epsilon: Float

    func callAsFunction(of x: Tensor) -> RowMaker {
        .layerNorm(of: x, weight: weight, bias: bias, epsilon: epsilon)
    }
}
