import MartletTensor
import MartletTestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One sequence with random queries, keys and values, and attention's definition in double
/// precision.
struct AttentionCase {
    struct Shape: Sendable, CustomStringConvertible {
        var length: Int
        var heads = 4
        var kvHeads = 2
        var headDim = 32
        var blockSize = 16
        var window: Int?
        var dtype = DType.bfloat16
        var instructionSet = InstructionSet.portable

        /// Whether queries and probabilities are multiplied as bf16.
        var multipliesInBFloat16: Bool {
            dtype == .bfloat16 || dtype == .int8 && instructionSet == .avx512bf16
        }

        var description: String {
            "\(length) tokens, \(heads)/\(kvHeads) heads of \(headDim), blocks of \(blockSize), "
                + "window \(window ?? 0), \(dtype)"
        }
    }

    let shape: Shape
    let queries: [Float]
    let keys: [Float]
    let values: [Float]
    let scale: Float
    /// Physical blocks in shuffled order, as a busy cache hands them out.
    let blockTable: [Int32]
    let blockCount: Int
    /// Queries as they are multiplied, keys and values as the cache holds them.
    private let exactQueries: [Double]
    private let exactKeys: [Double]
    private let exactValues: [Double]

    init(_ shape: Shape, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.shape = shape
        queries = generator.floats(shape.length * shape.heads * shape.headDim, scale: 3)
        let width = shape.kvHeads * shape.headDim
        keys = generator.floats(shape.length * width)
        values = generator.floats(shape.length * width)
        scale = 1 / Float(shape.headDim).squareRoot()
        let used = (shape.length + shape.blockSize - 1) / shape.blockSize
        blockCount = used + 3
        let order = (0..<blockCount).shuffled(using: &generator)
        blockTable = order.prefix(used).map { Int32($0) }
        exactQueries = queries.map {
            Double(shape.multipliesInBFloat16 ? Rounding.bfloat16($0) : $0)
        }
        exactKeys = Self.stored(keys, shape)
        exactValues = Self.stored(values, shape)
    }

    /// Keys or values after a stay in the cache.
    private static func stored(_ numbers: [Float], _ shape: Shape) -> [Double] {
        guard shape.dtype == .int8 else {
            return numbers.map { Double(Rounding.round($0, to: shape.dtype)) }
        }
        return stride(from: 0, to: numbers.count, by: shape.headDim).flatMap { start in
            let (numbers, scale) = Rounding.quantized(numbers[start..<start + shape.headDim])
            return numbers.map { Double($0) * Double(scale) }
        }
    }

    /// A cache of two layers that is full of NaN, so that what must not be read shows.
    func makeCache(_ operators: Operators) throws -> PagedKVCache {
        let cache = try PagedKVCache(
            layerCount: 2, blockCount: blockCount, blockSize: shape.blockSize,
            kvHeadCount: shape.kvHeads, headDim: shape.headDim, dtype: shape.dtype)
        let width = shape.kvHeads * shape.headDim
        let slots = (0..<blockCount * shape.blockSize).map { Int32($0) }
        let poison = Tensor(
            [Float](repeating: .nan, count: slots.count * width), rows: slots.count,
            columns: width)
        for layer in 0..<2 {
            operators.writeKV(
                key: poison, value: poison, layer: layer, cache: cache, slotMapping: slots)
        }
        return cache
    }

    func batch(_ positions: Range<Int>) -> AttentionBatch {
        AttentionBatch(
            entries: [
                AttentionBatch.Entry(
                    firstRow: 0, rowCount: positions.count, startPosition: positions.lowerBound,
                    blockTable: blockTable)
            ], blockSize: shape.blockSize)
    }

    /// Writes and attends to `positions` as one step; returns [positions.count, heads * headDim].
    func step(_ positions: Range<Int>, _ operators: Operators, _ cache: PagedKVCache) -> Tensor {
        let batch = batch(positions)
        let width = shape.kvHeads * shape.headDim
        let queryWidth = shape.heads * shape.headDim
        operators.writeKV(
            key: slice(keys, positions, width), value: slice(values, positions, width),
            layer: 1, cache: cache, slotMapping: batch.slotMapping)
        let y = Tensor(rows: positions.count, columns: queryWidth)
        operators.attention(
            slice(queries, positions, queryWidth), layer: 1, cache: cache, batch: batch,
            headCount: shape.heads, scale: scale, slidingWindow: shape.window, into: y)
        return y
    }

    /// Runs the sequence in chunks of the given sizes and returns all rows' bits.
    func run(chunks: [Int], _ operators: Operators) throws -> [[UInt32]] {
        let cache = try makeCache(operators)
        var start = 0
        var rows: [[UInt32]] = []
        for count in chunks {
            let y = step(start..<start + count, operators, cache)
            for row in 0..<count { rows.append(y.bits(row: row)) }
            start += count
        }
        precondition(start == shape.length, "chunks must cover the sequence")
        return rows
    }

    func slice(_ source: [Float], _ positions: Range<Int>, _ width: Int) -> Tensor {
        Tensor(
            Array(source[positions.lowerBound * width..<positions.upperBound * width]),
            rows: positions.count, columns: width)
    }

    /// Expected output of one head at one position, and the bound on its rounding error.
    func expected(position: Int, head: Int) -> [(value: Double, bound: Double)] {
        let dim = shape.headDim
        let kvHead = head / (shape.heads / shape.kvHeads)
        let first = shape.window.map { max(0, position + 1 - $0) } ?? 0
        var scores: [Double] = []
        var magnitude = 0.0
        for token in first...position {
            var score = 0.0
            var terms = 0.0
            for d in 0..<dim {
                let q = exactQueries[(position * shape.heads + head) * dim + d]
                let k = exactKeys[(token * shape.kvHeads + kvHead) * dim + d]
                score += q * k
                terms += abs(q * k)
            }
            scores.append(score * Double(scale))
            magnitude = max(magnitude, terms * Double(scale))
        }
        let highest = scores.max() ?? 0
        let weights = scores.map { exp($0 - highest) }
        let total = weights.reduce(0, +)
        let relative = relativeError(scoreMagnitude: magnitude, tokens: scores.count)
        return (0..<dim).map { d in
            var value = 0.0
            var terms = 0.0
            for (index, weight) in weights.enumerated() {
                let v = exactValues[((first + index) * shape.kvHeads + kvHead) * dim + d]
                value += weight / total * v
                terms += weight / total * abs(v)
            }
            return (value, relative * terms + 0x1p-100)
        }
    }

    /// Each probability is off by twice its score's error (numerator and sum), the exponential's
    /// error, the summations', the rescalings' and, where it is multiplied as bf16, its rounding.
    /// The scales of int8 caches add one multiplication to a score and one to a probability.
    private func relativeError(scoreMagnitude: Double, tokens: Int) -> Double {
        let scales = shape.dtype == .int8 ? 1.0 : 0
        let score = (Double(shape.headDim + 4) + scales) * Rounding.unit * scoreMagnitude
        let rescaling = Double(tokens / 64 + 2) * 6 * Rounding.unit
        let rounding = shape.multipliesInBFloat16 ? Rounding.bfloat16Unit : 0
        return 2 * score + 2 * 3e-7 + (Double(2 * tokens + 4) + scales) * Rounding.unit
            + rescaling + rounding
    }

    /// The largest error of some rows relative to its bound.
    func worstError(_ y: Tensor, positions: Range<Int>) -> Double {
        var worst = 0.0
        for position in positions {
            let row = y.row(position - positions.lowerBound)
            for head in 0..<shape.heads {
                for (d, want) in expected(position: position, head: head).enumerated() {
                    let got = Double(row[head * shape.headDim + d])
                    if got.isNaN { return .infinity }
                    worst = max(worst, abs(got - want.value) / want.bound)
                }
            }
        }
        return worst
    }
}
