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
        let function = kernels.activation.gate
        let width = y.columns
        withExtendedLifetime((gateUp, y)) {
            forEachRow(y.rows, columns: gateUp.columns) { row in
                let gate = gateUp.pointer + row * gateUp.rowStride
                function(
                    gate, gate + width, activation.kernelName, width,
                    y.pointer + row * y.rowStride)
            }
        }
    }

    /// x = activation(x) in place.
    package func activate(_ x: Tensor, _ activation: Activation) {
        let function = kernels.activation.apply
        withExtendedLifetime(x) {
            forEachRow(x.rows, columns: x.columns) { row in
                let start = x.pointer + row * x.rowStride
                function(start, activation.kernelName, x.columns, start)
            }
        }
    }
}
