import CMartletKernels

extension Operators {
    /// y = activation(gate) * up per row.
    ///
    /// - Parameters:
    ///   - gateUp: [rows, 2 * width]: gate, then up.
    ///   - y: [rows, width]; may be the view of the gate's columns.
    package func gate(_ gateUp: Tensor, _ activation: Activation, into y: Tensor) {
        precondition(
            gateUp.columns == 2 * y.columns && gateUp.rows == y.rows, "gate shapes do not fit")
        forEachRow(
            y.rows, columns: gateUp.columns,
            GateRows(
                gateUp: gateUp, y: y, activation: activation.kernelName,
                kernels: kernels.activation))
    }

    /// x = activation(x) in place.
    package func activate(_ x: Tensor, _ activation: Activation) {
        forEachRow(
            x.rows, columns: x.columns,
            ActivationRows(
                x: x, activation: activation.kernelName, kernels: kernels.activation))
    }
}

private struct GateRows: RowOperation {
    let gateUp: Tensor
    let y: Tensor
    let activation: martlet_activation
    let kernels: martlet_activation_kernels

    func apply(to row: Int) {
        let gate = gateUp.pointer + row * gateUp.rowStride
        kernels.gate(
            gate, gate + y.columns, activation, y.columns, y.pointer + row * y.rowStride)
    }
}

private struct ActivationRows: RowOperation {
    let x: Tensor
    let activation: martlet_activation
    let kernels: martlet_activation_kernels

    func apply(to row: Int) {
        let start = x.pointer + row * x.rowStride
        kernels.apply(start, activation, x.columns, start)
    }
}
