import Foundation
import MartletSampling

/// Sampling by its definition: full sorts, in double precision.
enum SamplingReference {
    /// The tokens that may be drawn, most probable first, with their weights relative to the first.
    ///
    /// - Parameter slack: Added to top-p's target, to bound what rounding may change.
    static func candidates(
        _ row: [Float], _ parameters: SamplingParameters, slack: Double = 0
    ) -> [(token: Int32, weight: Double)] {
        let logits = row.map { $0.isNaN ? -Double.infinity : Double($0) }
        let maximum = logits.max() ?? 0
        let temperature = Double(max(parameters.temperature, 0.01))
        var kept = logits.indices.map { index in
            (token: Int32(index), weight: exp((logits[index] - maximum) / temperature))
        }
        kept.sort { $0.weight == $1.weight ? $0.token < $1.token : $0.weight > $1.weight }
        kept.removeAll { $0.weight < max(Double(parameters.minP), 1e-37) }
        if parameters.topK > 0 { kept = Array(kept.prefix(parameters.topK)) }
        let total = kept.reduce(0) { $0 + $1.weight }
        guard parameters.topP < 1 else { return kept }
        let target = (Double(parameters.topP) + slack) * total
        var mass = 0.0
        let end = kept.firstIndex { candidate in
            mass += candidate.weight
            return mass >= target
        }
        return Array(kept.prefix((end ?? kept.count - 1) + 1))
    }

    /// The logits after everything a request does to them.
    static func edited(
        _ row: [Float], _ parameters: SamplingParameters, prompt: [Int32], output: [Int32],
        endOfSequence: [Int32]
    ) -> [Float] {
        var row = row
        for index in row.indices {
            let token = Int32(index)
            if let allowed = parameters.allowedTokenIDs, !allowed.contains(token) {
                row[index] = -.infinity
            }
            for word in parameters.badWordTokenIDs where word.last == token {
                if output.suffix(word.count - 1).elementsEqual(word.dropLast()) {
                    row[index] = -.infinity
                }
            }
            let ends = endOfSequence.contains(token) || parameters.stopTokenIDs.contains(token)
            if output.count < parameters.minimumTokenCount && ends { row[index] = -.infinity }
            row[index] += min(max(parameters.logitBias[token] ?? 0, -100), 100)
            if prompt.contains(token) || output.contains(token) {
                let factor = parameters.repetitionPenalty
                row[index] = row[index] > 0 ? row[index] / factor : row[index] * factor
            }
            let count = output.count { $0 == token }
            row[index] -= parameters.frequencyPenalty * Float(count)
            row[index] -= count > 0 ? parameters.presencePenalty : 0
        }
        return row
    }

    /// The logarithm of each token's probability.
    static func logprobs(_ row: [Float]) -> [Double] {
        let logits = row.map { $0.isNaN ? -Double.infinity : Double($0) }
        let maximum = logits.max() ?? 0
        guard maximum > -.infinity else { return logits }
        let logSum = maximum + log(logits.reduce(0) { $0 + exp($1 - maximum) })
        return logits.map { $0 - logSum }
    }
}
