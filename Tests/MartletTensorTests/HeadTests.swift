import MartletTensor
import MartletTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct HeadTests {
    static let kinds = InstructionSet.supported.flatMap { isa in
        [DType.bfloat16, .float32, .int8].map { (isa, $0) }
    }

    /// Sequences of several lengths that begin anywhere in a tile, in blocks of their own.
    private func batch(rowCounts: [Int], blockSize: Int) -> (AttentionBatch, blockCount: Int) {
        var entries: [AttentionBatch.Entry] = []
        var firstRow = 0
        var blockCount = 0
        for (index, rowCount) in rowCounts.enumerated() {
            let start = index * 5 % 23
            let used = (start + rowCount + blockSize - 1) / blockSize
            entries.append(
                AttentionBatch.Entry(
                    firstRow: firstRow, rowCount: rowCount, startPosition: start,
                    blockTable: (0..<used).reversed().map { Int32(blockCount + $0) }))
            firstRow += rowCount
            blockCount += used
        }
        return (AttentionBatch(entries: entries, blockSize: blockSize), blockCount)
    }

    private func makeCache(_ dtype: DType, blockCount: Int, headDim: Int) throws -> PagedKVCache {
        try PagedKVCache(
            layerCount: 2, blockCount: blockCount, blockSize: 16, kvHeadCount: 2,
            headDim: headDim, dtype: dtype)
    }

    private func image(_ cache: PagedKVCache) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: cache.blockCount * cache.blockByteCount)
        bytes.withUnsafeMutableBytes { bytes in
            for block in 0..<cache.blockCount {
                let start = block * cache.blockByteCount
                cache.read(
                    block: Int32(block),
                    into: UnsafeMutableRawBufferPointer(
                        rebasing: bytes[start..<start + cache.blockByteCount]))
            }
        }
        return bytes
    }

    @Test(arguments: kinds, [1, 2, 3, 8])
    func `norms each head alone and stores what it leaves`(
        kind: (InstructionSet, DType), threads: Int
    ) throws {
        let operators = Operators.testing(kind.0, threads: threads)
        let headDim = 24
        var generator = SeededGenerator(seed: 32)
        let (batch, blockCount) = batch(
            rowCounts: [1, 1, 70, 16, 1, 33, 1, 1, 100], blockSize: 16)
        let weights = [Vector(generator.floats(headDim)), Vector(generator.floats(headDim))]
        let layout = HeadLayout(
            headCount: 6, kvHeadCount: 2, headDim: headDim, queryNorm: weights[0],
            keyNorm: weights[1], normEpsilon: 1e-6)
        let values = generator.floats(batch.rowCount * layout.columnCount)
        let x = Tensor.misaligned(values, rows: batch.rowCount, columns: layout.columnCount)
        let cache = try makeCache(kind.1, blockCount: blockCount, headDim: headDim)
        operators.prepareHeads(x, layout, layer: 1, cache: cache, batch: batch)

        let want = Tensor(values, rows: batch.rowCount * 10, columns: headDim)
        for row in 0..<batch.rowCount {
            for (weight, heads) in zip(weights, [0..<6, 6..<8]) {
                let heads = want.rows(row * 10 + heads.lowerBound..<row * 10 + heads.upperBound)
                operators.make(heads, by: .rmsNorm(of: heads, weight: weight, epsilon: 1e-6))
            }
        }
        #expect(x.values == want.values)
        let other = try makeCache(kind.1, blockCount: blockCount, headDim: headDim)
        Operators.testing(.portable, threads: 1).writeKV(
            key: x.columns(6 * headDim..<8 * headDim), value: x.columns(8 * headDim..<x.columns),
            layer: 1, cache: other, slotMapping: batch.slotMapping)
        #expect(image(cache) == image(other))
    }

    @Test(arguments: InstructionSet.supported)
    func `rotates pairs by their angle and leaves the rest`(isa: InstructionSet) throws {
        let operators = Operators.testing(isa)
        var generator = SeededGenerator(seed: 33)
        for (headDim, rotaryDim) in [(2, 2), (16, 8), (64, 64), (80, 34), (128, 128)] {
            let half = rotaryDim / 2
            let frequencies = (0..<half).map { pow(10_000, -Double($0) / Double(half)) }
            let layout = HeadLayout(
                headCount: 2, kvHeadCount: 2, headDim: headDim,
                rotary: RotaryTable(
                    inverseFrequencies: frequencies, attentionScaling: 1.25,
                    maximumPosition: 5000))
            let positions = [0, 1, 4999, 300]
            let batch = AttentionBatch(
                entries: positions.enumerated().map { row, position in
                    AttentionBatch.Entry(
                        firstRow: row, rowCount: 1, startPosition: position,
                        blockTable: Array(repeating: Int32(row), count: position / 16 + 1))
                }, blockSize: 16)
            let values = generator.floats(4 * 6 * headDim)
            let x = Tensor.misaligned(values, rows: 4, columns: 6 * headDim)
            operators.prepareHeads(
                x, layout, layer: 0,
                cache: try makeCache(.float32, blockCount: 4, headDim: headDim), batch: batch)
            for (row, position) in positions.enumerated() {
                for column in 0..<6 * headDim {
                    let (head, d) = column.quotientAndRemainder(dividingBy: headDim)
                    let base = (row * 6 + head) * headDim
                    let got = Double(x.row(row)[column])
                    guard head < 4, d < rotaryDim else {
                        #expect(x.row(row)[column] == values[base + d])
                        continue
                    }
                    let angle = Double(Float(frequencies[d % half]) * Float(position))
                    let a = Double(values[base + d % half])
                    let b = Double(values[base + d % half + half])
                    let (c, s) = (1.25 * cos(angle), 1.25 * sin(angle))
                    let want = d < half ? a * c - b * s : b * c + a * s
                    #expect(abs(got - want) <= 5 * Rounding.unit * 1.25 * (abs(a) + abs(b)))
                }
            }
        }
    }
}
