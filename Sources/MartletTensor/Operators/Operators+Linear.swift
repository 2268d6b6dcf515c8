import CMartletKernels

extension Operators {
    /// y = x W^T (+ bias): x [rows, inputs], y [rows, outputs].
    ///
    /// - Parameter maker: Makes the rows of x first, where they are not there yet.
    package func linear(
        _ x: Tensor, madeBy maker: RowMaker? = nil, _ weight: PackedMatrix, bias: Vector? = nil,
        into y: Tensor
    ) {
        multiply(x, maker, weight, bias: bias, y, accumulate: false)
    }

    /// y += x W^T (+ bias): the residual addition comes for free.
    package func linear(
        _ x: Tensor, madeBy maker: RowMaker? = nil, _ weight: PackedMatrix, bias: Vector? = nil,
        addingTo y: Tensor
    ) {
        multiply(x, maker, weight, bias: bias, y, accumulate: true)
    }

    private func multiply(
        _ x: Tensor, _ maker: RowMaker?, _ weight: PackedMatrix, bias: Vector?, _ y: Tensor,
        accumulate: Bool
    ) {
        precondition(x.columns == weight.inputCount, "linear of \(x.columns) inputs")
        precondition(
            y.rows == x.rows && y.columns == weight.outputCount,
            "linear into [\(y.rows), \(y.columns)]")
        precondition(bias.map { $0.count == weight.outputCount } ?? true, "bias does not fit")
        guard x.rows > 0 else { return }
        let matmul = kernels.matmul
        var call = martlet_matmul_call(
            activations: x.pointer, activation_stride: x.rowStride, weights: weight.panel(0),
            panel_bytes: weight.layout.panelByteCount, depth: weight.layout.depth,
            row: martlet_row_layout(), bias: bias?.pointer, output: y.pointer,
            output_stride: y.rowStride, column_count: weight.outputCount,
            accumulate: accumulate)
        withExtendedLifetime(maker) {
            prepare(x, maker.map { MakeRows($0, into: x, kernels) }, weight, &call)
        }
        let plan = MatmulPlan(rows: x.rows, weight: weight, threadCount: pool.threadCount)
        withExtendedLifetime((x, weight, bias, y)) {
            pool.run(
                chunkCount: plan.chunkCount,
                MatmulJob(call: call, function: matmul.function(weight.format), plan: plan))
        }
    }

    /// Makes the activations, and brings them into the form that the weights ask for.
    private func prepare(
        _ x: Tensor, _ making: MakeRows?, _ weight: PackedMatrix,
        _ call: inout martlet_matmul_call
    ) {
        switch weight.format {
        case .dense(.bfloat16): round(x, making, weight, &call)
        case .dense: if let making { forEachRow(x.rows, columns: x.columns, making) }
        case .int8, .int4: quantize(x, making, weight, &call)
        }
    }

    /// Rounds the activations to bf16, once per call, and points the call at them.
    private func round(
        _ x: Tensor, _ making: MakeRows?, _ weight: PackedMatrix,
        _ call: inout martlet_matmul_call
    ) {
        let matmul = kernels.matmul
        // An odd number of cache lines per row keeps the rows of a tile in different cache sets.
        let stride = (weight.layout.depth + 31) / 64 * 64 + 32
        let rowBytes = stride * matmul.rounded_bytes
        let rounded = activationScratch.reserve(byteCount: x.rows * rowBytes)
        forEachRow(
            x.rows, columns: x.columns,
            RowSequence(
                first: making,
                second: RoundRows(
                    x: x, depth: weight.layout.depth, rounded: rounded, rowBytes: rowBytes,
                    kernels: matmul)))
        call.activations = UnsafeRawPointer(rounded)
        call.activation_stride = stride
    }
}

/// A matrix product in chunks of rows and panels.
private struct MatmulJob: PoolJob {
    let call: martlet_matmul_call
    let function: martlet_matmul_function
    let plan: MatmulPlan

    func run(chunk: Int, worker: Int) {
        let (rows, panels) = plan.part(chunk)
        withUnsafePointer(to: call) {
            function($0, rows.lowerBound, rows.count, panels.lowerBound, panels.count)
        }
    }
}

private struct RoundRows: RowOperation {
    let x: Tensor
    /// Inputs of the packed weights, padded.
    let depth: Int
    let rounded: UnsafeMutableRawPointer
    let rowBytes: Int
    let kernels: martlet_matmul_kernels

    func apply(to row: Int) {
        kernels.round_row(
            x.pointer + row * x.rowStride, rounded + row * rowBytes, x.columns, depth)
    }
}

extension martlet_matmul_kernels {
    fileprivate func function(_ format: WeightFormat) -> martlet_matmul_function {
        switch format {
        case .dense(.float32): f32
        case .dense(.bfloat16): bf16
        case .dense(.float16): f16
        case .dense(.int8): preconditionFailure("int8 weights have scales")
        case .int8: int8
        case .int4(_, hasMinimum: false): int4
        case .int4(_, hasMinimum: true): int4_minimum
        }
    }
}
