import MartletTensor

/// `y = x Wᵀ + b`, one matrix or several stacked output over output.
struct Linear: Sendable {
    /// `[outputs, inputs]`.
    let weight: PackedMatrix
    /// `[outputs]`.
    let bias: Vector?

    /// `x`: `[rows, inputs]`, `y`: `[rows, outputs]`, overwritten.
    func callAsFunction(_ x: Tensor, into y: Tensor, _ operators: Operators) {
        operators.linear(x, weight, bias: bias, into: y)
    }

    /// `x`: `[rows, inputs]`, `y`: `[rows, outputs]`, added to.
    func callAsFunction(_ x: Tensor, addingTo y: Tensor, _ operators: Operators) {
        operators.linear(x, weight, bias: bias, addingTo: y)
    }
}
