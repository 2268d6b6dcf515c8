import MartletSampling
import MartletTensor
import MartletTestSupport

extension SamplerState {
    /// The state of a sequence with `output` behind it.
    init(
        _ parameters: SamplingParameters, prompt: [Int32] = [], output: [Int32] = [],
        endOfSequence: [Int32] = [], vocabularySize: Int, randomSeed: UInt64 = 99, index: Int = 0
    ) {
        self.init(
            parameters: parameters, completionIndex: index, promptTokens: prompt,
            endOfSequenceIDs: endOfSequence, vocabularySize: vocabularySize,
            randomSeed: randomSeed)
        for token in output { append(token) }
    }
}

extension SamplingParameters {
    /// Parameters with some of them changed.
    static func with(_ change: (inout SamplingParameters) -> Void) -> SamplingParameters {
        var parameters = SamplingParameters()
        change(&parameters)
        return parameters
    }

    /// Any parameters, each in effect about half of the time.
    static func random(vocabularySize: Int, _ generator: inout SeededGenerator) -> Self {
        func sometimes(_ change: () -> Void) {
            if Bool.random(using: &generator) { change() }
        }
        let tokens = 0..<Int32(vocabularySize)
        func someTokens(_ count: Int) -> [Int32] {
            (0..<count).map { _ in Int32.random(in: tokens, using: &generator) }
        }
        var parameters = SamplingParameters()
        parameters.temperature = [0, 0.005, 0.5, 1, 2].randomElement(using: &generator) ?? 1
        sometimes { parameters.topP = [0.1, 0.5, 0.9, 0.99].randomElement(using: &generator) ?? 1 }
        sometimes {
            parameters.topK = [1, 2, 20, 64, 65, 300].randomElement(using: &generator) ?? 0
        }
        sometimes { parameters.minP = [0.01, 0.1, 1].randomElement(using: &generator) ?? 0 }
        sometimes { parameters.presencePenalty = .random(in: -2...2, using: &generator) }
        sometimes { parameters.frequencyPenalty = .random(in: -2...2, using: &generator) }
        sometimes { parameters.repetitionPenalty = .random(in: 0.5...2, using: &generator) }
        sometimes { parameters.seed = .random(in: .min ... .max, using: &generator) }
        sometimes { parameters.stopTokenIDs = someTokens(3) }
        sometimes { parameters.minimumTokenCount = 8 }
        sometimes {
            for token in someTokens(5) { parameters.logitBias[token] = 150 - Float(token) }
        }
        sometimes { parameters.allowedTokenIDs = someTokens(vocabularySize / 2 + 1) }
        sometimes { parameters.badWordTokenIDs = [someTokens(1), someTokens(2)] }
        sometimes { parameters.logprobCount = [0, 1, 5].randomElement(using: &generator) }
        return parameters
    }
}

extension Tensor {
    /// A matrix of the given rows.
    init(_ rows: [[Float]]) {
        self.init(rows: rows.count, columns: rows.first?.count ?? 0)
        for (index, values) in rows.enumerated() {
            _ = row(index).update(fromContentsOf: values)
        }
    }
}
