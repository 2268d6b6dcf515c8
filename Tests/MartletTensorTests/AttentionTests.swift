import MartletTensor
import Testing

@Suite struct AttentionTests {
    typealias Shape = AttentionCase.Shape

    static let kinds = InstructionSet.supported.flatMap { isa in
        [DType.bfloat16, .float32, .int8].map { (isa, $0) }
    }

    /// Around tiles of 16, groups of 64 and splits of 512 tokens; grouped, single and many heads;
    /// head widths with and without tails.
    static let shapes: [Shape] = [
        Shape(length: 1), Shape(length: 2, headDim: 2), Shape(length: 15, headDim: 6),
        Shape(length: 17, headDim: 64), Shape(length: 63, heads: 7, kvHeads: 1, headDim: 18),
        Shape(length: 65, heads: 3, kvHeads: 3, headDim: 80),
        Shape(length: 70, heads: 50, kvHeads: 1, headDim: 16),
        Shape(length: 130, heads: 2, kvHeads: 1, headDim: 128, blockSize: 32),
        Shape(length: 96, heads: 2, kvHeads: 2, headDim: 256),
        Shape(length: 530, heads: 2, kvHeads: 1, headDim: 16, blockSize: 64),
        Shape(length: 40, window: 1), Shape(length: 90, window: 17),
        Shape(length: 600, heads: 2, kvHeads: 1, headDim: 8, window: 100),
    ]

    @Test(arguments: kinds, shapes)
    func `matches the definition`(kind: (InstructionSet, DType), shape: Shape) throws {
        var shape = shape
        (shape.instructionSet, shape.dtype) = kind
        let operators = Operators.testing(kind.0)
        let example = AttentionCase(shape, seed: 7)
        let y = example.step(0..<shape.length, operators, try example.makeCache(operators))
        #expect(example.worstError(y, positions: 0..<shape.length) <= 1)
    }

    static let chunkings: [[Int]] = [
        [150], Array(repeating: 1, count: 150), [1, 149], [149, 1], [16, 64, 70],
        [3, 13, 48, 17, 1, 1, 67],
    ]

    static let invariantShapes: [Shape] = [
        Shape(length: 150), Shape(length: 150, heads: 6, kvHeads: 1, headDim: 80),
        Shape(length: 150, heads: 2, kvHeads: 2, headDim: 128, window: 50),
        Shape(length: 150, heads: 14, kvHeads: 2, headDim: 64, blockSize: 48),
    ]

    @Test(arguments: kinds, invariantShapes)
    func `gives a row the same bits however its sequence is chunked`(
        kind: (InstructionSet, DType), shape: Shape
    ) throws {
        var shape = shape
        shape.dtype = kind.1
        let operators = Operators.testing(kind.0)
        let example = AttentionCase(shape, seed: 8)
        let whole = try example.run(chunks: [150], operators)
        for chunks in Self.chunkings {
            let rows = try example.run(chunks: chunks, operators)
            #expect(rows == whole, "chunks \(chunks)")
        }
    }

    @Test(arguments: kinds, [nil, 700])
    func `gives the same bits when long contexts are split over threads`(
        kind: (InstructionSet, DType), window: Int?
    ) throws {
        let shape = Shape(
            length: 1300, heads: 2, kvHeads: 1, headDim: 16, blockSize: 64, window: window,
            dtype: kind.1)
        let example = AttentionCase(shape, seed: 9)
        let chunks = [1290, 1, 1, 8]
        let alone = try example.run(chunks: chunks, Operators.testing(kind.0, threads: 1))
        for threads in [2, 3, 8] {
            let operators = Operators.testing(kind.0, threads: threads)
            let shared = try example.run(chunks: chunks, operators)
            #expect(alone == shared, "\(threads) threads")
        }
    }

    @Test(arguments: kinds)
    func `gives each sequence of a batch what it gets alone`(
        kind: (InstructionSet, DType)
    ) throws {
        let operators = Operators.testing(kind.0)
        let shape = Shape(length: 100, headDim: 64, dtype: kind.1)
        let example = AttentionCase(shape, seed: 10)
        let cache = try example.makeCache(operators)
        let whole = example.step(0..<100, operators, cache)
        // Three "sequences" at different depths of the same history, as prefix caching has them.
        let parts = [99..<100, 40..<60, 7..<8]
        var firstRow = 0
        var entries: [AttentionBatch.Entry] = []
        var queries: [Float] = []
        for part in parts {
            entries.append(
                AttentionBatch.Entry(
                    firstRow: firstRow, rowCount: part.count, startPosition: part.lowerBound,
                    blockTable: example.blockTable))
            queries += example.slice(example.queries, part, 4 * 64).values
            firstRow += part.count
        }
        let batch = AttentionBatch(entries: entries, blockSize: 16)
        let y = Tensor(rows: firstRow, columns: 4 * 64)
        operators.attention(
            Tensor(queries, rows: firstRow, columns: 4 * 64), layer: 1, cache: cache,
            batch: batch, headCount: 4, scale: example.scale, slidingWindow: nil, into: y)
        for (row, position) in parts.joined().enumerated() {
            #expect(y.bits(row: row) == whole.bits(row: position))
        }
    }

    @Test(arguments: kinds)
    func `keeps NaN in the rows and heads it came from`(kind: (InstructionSet, DType)) throws {
        let operators = Operators.testing(kind.0)
        let shape = Shape(length: 20, heads: 4, kvHeads: 2, headDim: 32, dtype: kind.1)
        let example = AttentionCase(shape, seed: 11)
        let cache = try example.makeCache(operators)
        _ = example.step(0..<20, operators, cache)
        let query = example.slice(example.queries, 0..<20, 128)
        query.row(9)[40] = .nan
        let y = Tensor(rows: 20, columns: 128)
        operators.attention(
            query, layer: 1, cache: cache, batch: example.batch(0..<20), headCount: 4,
            scale: example.scale, slidingWindow: nil, into: y)
        for row in 0..<20 {
            for head in 0..<4 {
                let lost = y.row(row)[head * 32..<head * 32 + 32].filter(\.isNaN).count
                #expect(lost == (row == 9 && head == 1 ? 32 : 0))
            }
        }
    }

    @Test func `refuses caches that cannot be`() {
        #expect(throws: TensorError.self) {
            try PagedKVCache(
                layerCount: 1, blockCount: 1, blockSize: 15, kvHeadCount: 1, headDim: 8,
                dtype: .float32)
        }
        #expect(throws: TensorError.self) {
            try PagedKVCache(
                layerCount: 1, blockCount: .max / 2, blockSize: 16, kvHeadCount: 4, headDim: 8,
                dtype: .float32)
        }
        #expect(throws: TensorError.self) {
            try PagedKVCache(
                layerCount: 1, blockCount: 1, blockSize: 16, kvHeadCount: 1, headDim: 7,
                dtype: .float32)
        }
        #expect(throws: TensorError.self) {
            try PagedKVCache(
                layerCount: 1, blockCount: 1, blockSize: 16, kvHeadCount: 1, headDim: 8,
                dtype: .float16)
        }
    }
}
