import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Log probabilities of one row of logits, as the model gave them.
struct LogprobsReader {
    private let kernels: SamplingKernels
    private let row: UnsafeBufferPointer<Float>
    /// The largest logit, and the logarithm of the sum of all exponentials relative to it.
    private let maximum: Double
    private let logSum: Double

    /// Reads `row`, which must not change before the last question is asked.
    init(_ row: UnsafeBufferPointer<Float>, kernels: SamplingKernels, scratch: SamplerScratch) {
        self.kernels = kernels
        self.row = row
        let maximum = kernels.maximum(row)
        self.maximum = Double(Self.finite(maximum))
        guard maximum > -.infinity else {
            logSum = 0
            return
        }
        kernels.exponentials(
            of: row, maximum: maximum, scale: 1, weights: nil, blockSums: scratch.blockSums)
        logSum = log(scratch.sum(ofBlocksOf: row.count))
    }

    /// The report on `token`, with the `topCount` most probable tokens; -1 is all.
    func report(_ token: Int32, topCount: Int, scratch: SamplerScratch) -> TokenLogprobs {
        let logit = row[Int(token)]
        let rank = logit > -.infinity ? kernels.count(of: row, atLeast: logit) : row.count
        let chosen = TokenLogprob(id: token, logprob: logprob(of: token), rank: rank)
        return TokenLogprobs(chosen: chosen, top: top(topCount, scratch: scratch))
    }

    /// The most probable tokens in order; equals by token.
    private func top(_ limit: Int, scratch: SamplerScratch) -> [TokenLogprob] {
        guard limit != 0 else { return [] }
        let limit = limit < 0 ? row.count : min(limit, row.count)
        let tokens = limit <= 256 ? leading(limit, scratch: scratch) : sorted(limit)
        return tokens.enumerated().map { place, token in
            TokenLogprob(id: token, logprob: logprob(of: token), rank: place + 1)
        }
    }

    /// By one pass with a running list; tokens without any probability fill what is left of it.
    private func leading(_ limit: Int, scratch: SamplerScratch) -> [Int32] {
        let count = kernels.top(
            row, limit: limit, values: scratch.candidateWeights, indices: scratch.candidateTokens)
        var tokens = Array(UnsafeBufferPointer(start: scratch.candidateTokens, count: count))
        var token: Int32 = 0
        while tokens.count < limit {
            if !(row[Int(token)] > -.infinity) { tokens.append(token) }
            token += 1
        }
        return tokens
    }

    /// By sorting everything: asked for only where a report lists much of the vocabulary.
    private func sorted(_ limit: Int) -> [Int32] {
        let keys = row.map { $0 > -.infinity ? $0 : -.infinity }
        let order = (0..<Int32(row.count)).sorted { first, second in
            let (left, right) = (keys[Int(first)], keys[Int(second)])
            return left == right ? first < second : left > right
        }
        return Array(order.prefix(limit))
    }

    private func logprob(of token: Int32) -> Float {
        let logit = row[Int(token)]
        guard logit > -.infinity else { return -.infinity }
        return Float(Double(Self.finite(logit)) - maximum - logSum)
    }

    private static func finite(_ logit: Float) -> Float {
        min(logit, .greatestFiniteMagnitude)
    }
}
