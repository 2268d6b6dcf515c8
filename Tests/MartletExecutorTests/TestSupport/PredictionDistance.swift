import Foundation
import MartletExecutor
import MartletModels
import Testing

/// How far one model's predictions are from another's, over some positions.
struct PredictionDistance: CustomStringConvertible {
    private(set) var positionCount = 0
    private(set) var agreementCount = 0
    private(set) var divergence = 0.0
    private(set) var largestError = 0.0

    /// The share of positions with the same most likely token.
    var agreement: Double { Double(agreementCount) / Double(positionCount) }
    /// The mean Kullback-Leibler divergence, in nats.
    var meanDivergence: Double { divergence / Double(positionCount) }

    var description: String {
        "agreement \(agreement), mean divergence \(meanDivergence), largest error of a "
            + "logprob \(largestError), over \(positionCount) positions"
    }

    mutating func add(_ row: Driver.Row, reference: Driver.Row) {
        positionCount += 1
        if argmax(row) == argmax(reference) { agreementCount += 1 }
        for (own, expected) in zip(logprobs(row), logprobs(reference)) {
            divergence += exp(expected) * (expected - own)
            largestError = max(largestError, abs(expected - own))
        }
    }
}

extension Driver {
    /// Text that the model itself is likely to write: sampled, always the same.
    func sampledText(seed: UInt64, count: Int) throws -> [Int32] {
        var state = seed
        var tokens = [Int32(try #require(runner.model.description.bosTokenID))]
        while tokens.count < count {
            let part = Self.part(0, tokens[(tokens.count - 1)...], start: tokens.count - 1)
            let row = try logprobs(step([part])[0].logits)
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var rest = Double(state >> 11) * 0x1p-53
            let token = row.firstIndex {
                rest -= exp($0)
                return rest < 0
            }
            tokens.append(Int32(token ?? row.count - 1))
        }
        return tokens
    }
}
