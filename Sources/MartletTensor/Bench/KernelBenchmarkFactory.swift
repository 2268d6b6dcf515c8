import CMartletKernels

/// Makes the cases of a `KernelBenchmark`: buffers filled, kernels bound.
struct KernelBenchmarkFactory {
    let operators: Operators

    /// Weights, and keys and values, are cycled over this much memory, so that no cache holds them
    /// from call to call.
    private static let cycleBytes = 256 << 20
    /// A sample makes as many calls as read this much or compute this much: some milliseconds.
    private static let sampleBytes = 64.0 * 1024 * 1024
    private static let sampleOperations = 2e9
    /// Head shape of the attention cases.
    private static let heads = 16
    private static let kvHeads = 8
    private static let headDim = 128

    private var bf16Limit: KernelBenchmarkReport.Limit {
        operators.kernels.instructionSet == .avx512bf16 ? .bf16 : .fp32
    }

    /// The arithmetic that bounds products with weights of `format`.
    private func limit(_ format: WeightFormat) -> KernelBenchmarkReport.Limit {
        switch format {
        case .dense(.bfloat16): bf16Limit
        case .dense: .fp32
        case .int8, .int4: operators.kernels.matmul.int8_offset == 0 ? .fp32 : .int8
        }
    }

    func matmul(
        rows: Int, outputs: Int, inputs: Int, format: WeightFormat
    ) -> KernelBenchmarkCase {
        let one = PackedMatrix(format: format, outputCount: outputs, inputCount: inputs)
        var weights = [one]
        while weights.count * one.byteCount < Self.cycleBytes {
            weights.append(PackedMatrix(layout: one.layout))
        }
        for weight in weights { fill(weight) }
        let x = filledTensor(rows: rows, columns: inputs)
        let y = Tensor(rows: rows, columns: outputs)
        let operations = 2 * Double(rows) * Double(outputs) * Double(inputs)
        let bytes = Double(one.byteCount)
        let calls = max(1, min(Self.sampleBytes / bytes, Self.sampleOperations / operations))
            .rounded()
        var next = 0
        return KernelBenchmarkCase(
            name: "matmul", dtype: format.shortName, rows: rows, columns: outputs, depth: inputs,
            operations: operations * calls, bytes: bytes * calls, arithmetic: limit(format)
        ) { [operators] in
            for _ in 0..<Int(calls) {
                operators.linear(x, weights[next], into: y)
                next = (next + 1) % weights.count
            }
        }
    }

    /// `rows` new tokens per sequence at the end of `context` tokens each, layer after layer.
    func attention(
        sequences: Int, rows: Int, context: Int, _ dtype: DType
    ) -> KernelBenchmarkCase {
        let blockSize = 16
        let perSequence = (context + blockSize - 1) / blockSize
        let layerBytes =
            PagedKVCache.bytesPerBlock(
                layerCount: 1, blockSize: blockSize, kvHeadCount: Self.kvHeads,
                headDim: Self.headDim,
                dtype: dtype) * sequences * perSequence
        guard
            let cache = try? PagedKVCache(
                layerCount: max(1, Self.cycleBytes / layerBytes),
                blockCount: sequences * perSequence, blockSize: blockSize,
                kvHeadCount: Self.kvHeads, headDim: Self.headDim, dtype: dtype)
        else { preconditionFailure("the benchmark's cache does not fit into memory") }
        fill(cache)
        let entries = (0..<sequences).map { sequence in
            AttentionBatch.Entry(
                firstRow: sequence * rows, rowCount: rows, startPosition: context - rows,
                blockTable: (0..<perSequence).map { Int32(sequence * perSequence + $0) })
        }
        let batch = AttentionBatch(entries: entries, blockSize: blockSize)
        let width = Self.heads * Self.headDim
        let query = filledTensor(rows: sequences * rows, columns: width)
        let y = Tensor(rows: sequences * rows, columns: width)
        let pairs = Double(rows) * (Double(context) - Double(rows - 1) / 2)
        var layer = 0
        return KernelBenchmarkCase(
            name: rows == 1 ? "attention decode" : "attention prefill", dtype: dtype.shortName,
            rows: sequences * rows, columns: width, depth: context,
            operations: 4 * pairs * Double(width * sequences),
            bytes: Double(layerBytes),
            arithmetic: dtype == .float32 ? .fp32 : bf16Limit
        ) { [operators] in
            operators.attention(
                query, layer: layer, cache: cache, batch: batch, headCount: Self.heads,
                scale: 0.088, slidingWindow: nil, into: y)
            layer = (layer + 1) % cache.layerCount
        }
    }

    func rmsNorm(rows: Int) -> KernelBenchmarkCase {
        let x = filledTensor(rows: rows, columns: 1024)
        let y = Tensor(rows: rows, columns: 1024)
        let weight = Vector([Float](repeating: 1, count: 1024))
        return KernelBenchmarkCase(
            name: "rms norm", dtype: DType.float32.shortName, rows: rows, columns: 1024, depth: 1,
            operations: 4 * 1024 * Double(rows), bytes: 8 * 1024 * Double(rows),
            arithmetic: .fp32
        ) { [operators] in
            operators.make(y, by: .rmsNorm(of: x, weight: weight, epsilon: 1e-6))
        }
    }

    func gate(rows: Int) -> KernelBenchmarkCase {
        let x = filledTensor(rows: rows, columns: 6144)
        let y = Tensor(rows: rows, columns: 3072)
        return KernelBenchmarkCase(
            name: "silu gate", dtype: DType.float32.shortName, rows: rows, columns: 3072, depth: 1,
            operations: 24 * 3072 * Double(rows), bytes: 12 * 3072 * Double(rows),
            arithmetic: .fp32
        ) { [operators] in
            operators.make(y, by: .gate(of: x, .silu))
        }
    }

    /// Packing is done once per model, from the page cache: from bf16 where it quantizes.
    func pack(outputs: Int, inputs: Int, format: WeightFormat) -> KernelBenchmarkCase {
        let weight = PackedMatrix(format: format, outputCount: outputs, inputCount: inputs)
        let from = format.storedType
        let source = TensorMemory(byteCount: outputs * inputs * from.byteCount)
        fill(source)
        return KernelBenchmarkCase(
            name: "pack", dtype: format.shortName, rows: 1, columns: outputs, depth: inputs,
            operations: 0, bytes: Double(source.byteCount + weight.byteCount), arithmetic: .fp32
        ) { [operators] in
            weight.pack(
                UnsafeRawBufferPointer(start: source.pointer, count: source.byteCount),
                sourceDType: from, outputs: 0..<outputs, pool: operators.pool)
        }
    }

    /// bf16 numbers between 1 and 2, or fp32 ones.
    private func fill(_ source: TensorMemory) {
        let words = source.pointer.assumingMemoryBound(to: UInt16.self)
        for index in 0..<source.byteCount / 2 {
            words[index] = 0x3f80 | UInt16(truncatingIfNeeded: index &* 40_503 >> 4) & 0x7f
        }
    }

    private func filledTensor(rows: Int, columns: Int) -> Tensor {
        let tensor = Tensor(rows: rows, columns: columns)
        for row in 0..<rows {
            let values = tensor.row(row)
            for column in 0..<columns { values[column] = Float((row + column) % 7) * 0.25 - 0.75 }
        }
        return tensor
    }

    /// Small normal numbers in any element type.
    private func fill(_ weight: PackedMatrix) {
        let layout = weight.layout
        operators.pool.run(chunkCount: layout.panelCount) { panel, _ in
            weight.panel(panel).initializeMemory(
                as: UInt16.self, repeating: 0x3c01, count: layout.panelByteCount / 2)
        }
    }

    private func fill(_ cache: PagedKVCache) {
        let blockCount = cache.blockCount
        operators.pool.run(chunkCount: cache.layerCount * blockCount) { index, _ in
            let layer = cache.layer(index / blockCount)
            let block = layer.base + index % blockCount * layer.block_stride
            UnsafeMutableRawPointer(block).initializeMemory(
                as: UInt16.self, repeating: 0x3c01, count: layer.block_stride / 2)
        }
    }
}

extension DType {
    /// As kernels are named: f32, bf16, f16.
    fileprivate var shortName: String {
        switch self {
        case .float32: "f32"
        case .bfloat16: "bf16"
        case .float16: "f16"
        case .int8: "i8"
        }
    }
}

extension WeightFormat {
    /// As kernels are asked for: bfloat16, int8, int4/32, int4m/32 with a minimum.
    var label: String {
        switch self {
        case .dense(let dtype): dtype.rawValue
        case .int8: "int8"
        case .int4(let groupSize, let hasMinimum): "int4\(hasMinimum ? "m" : "")/\(groupSize)"
        }
    }

    /// As kernels are named: bf16, i8, i4/32, i4m/32 with a minimum.
    fileprivate var shortName: String {
        switch self {
        case .dense(let dtype): dtype.shortName
        case .int8: "i8"
        case .int4(let groupSize, let hasMinimum): "i4\(hasMinimum ? "m" : "")/\(groupSize)"
        }
    }

    /// The type that such weights are packed from.
    fileprivate var storedType: DType {
        if case .dense(let dtype) = self { dtype } else { .bfloat16 }
    }
}
