import MartletTensor

/// `y = x Wᵀ + b`, one matrix or several stacked output over output.
struct Linear: Sendable {
    /// `[outputs, inputs]`.
    let weight: PackedMatrix
    /// `[outputs]`.
    let bias: Vector?

    /// `x`: `[rows, inputs]`, made first where `maker` says how; `y`: `[rows, outputs]`,
    /// overwritten.
    func callAsFunction(
        _ x: Tensor, madeBy maker: RowMaker? = nil, into y: Tensor, _ operators: Operators
    ) {
        operators.linear(x, madeBy: maker, weight, bias: bias, into: y)
    }

    /// `x`: `[rows, inputs]`, made first where `maker` says how; `y`: `[rows, outputs]`, added to.
    func callAsFunction(
        _ x: Tensor, madeBy maker: RowMaker? = nil, addingTo y: Tensor, _ operators: Operators
    ) {
        operators.linear(x, madeBy: maker, weight, bias: bias, addingTo: y)
    }
}
