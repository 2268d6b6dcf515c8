import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

/// What a request does to its logits, against the definition, one thing at a time and together.
@Suite struct LogitsEditTests {
    private let prompt: [Int32] = [3, 5, 5, 7]
    private let output: [Int32] = [7, 2, 2, 9, 2]
    private let endOfSequence: [Int32] = [0, 30]

    /// The logits as edited and as the definition has them.
    private func compare(
        _ parameters: SamplingParameters, count: Int = 100, kernels: SamplingKernels,
        prompt: [Int32]? = nil, output: [Int32]? = nil
    ) -> (edited: [Float], expected: [Float]) {
        var generator = SeededGenerator(seed: 11)
        let row = generator.logits(count)
        let prompt = prompt ?? self.prompt
        let output = output ?? self.output
        let state = SamplerState(
            parameters, prompt: prompt, output: output, endOfSequence: endOfSequence,
            vocabularySize: count)
        var edited = row
        edited.withUnsafeMutableBufferPointer { state.edit($0, kernels: kernels) }
        let expected = SamplingReference.edited(
            row, parameters, prompt: prompt, output: output, endOfSequence: endOfSequence)
        return (edited, expected)
    }

    private func check(_ change: (inout SamplingParameters) -> Void) {
        for kernels in availableKernels {
            let (edited, expected) = compare(.with(change), kernels: kernels)
            #expect(edited == expected)
        }
    }

    @Test func `defaults change nothing`() {
        let (edited, expected) = compare(.init(), kernels: availableKernels[0])
        var generator = SeededGenerator(seed: 11)
        #expect(edited == expected && edited == generator.logits(100))
    }

    @Test func `only allowed tokens stay`() {
        check { $0.allowedTokenIDs = [1, 31, 32, 99, 1] }
    }

    @Test func `bad words lose their last token after their first ones`() {
        check { $0.badWordTokenIDs = [[4], [2, 8], [9, 2, 10], [9, 11], [2, 2, 9, 2, 12]] }
        check { $0.badWordTokenIDs = [[1, 7, 2, 2, 9, 2, 12], [1, 2, 3, 4, 5, 6, 7, 8, 9]] }
    }

    @Test func `ends of sequence and stop tokens wait for min_tokens`() {
        for minimum in [0, 5, 6, 100] {
            check {
                $0.minimumTokenCount = minimum
                $0.stopTokenIDs = [50, 30]
            }
        }
    }

    @Test func `biases are added, at most 100 either way`() {
        check { $0.logitBias = [4: 3, 5: -100.5, 6: 1e9, 99: -0.25] }
    }

    @Test func `repetition looks at prompt and output, whatever the sign`() {
        check { $0.repetitionPenalty = 1.7 }
        check { $0.repetitionPenalty = 0.5 }
    }

    @Test func `frequency and presence look at the output alone`() {
        check { $0.frequencyPenalty = 0.75 }
        check { $0.presencePenalty = -1.5 }
    }

    @Test func `everything together equals the definition`() {
        for seed in 0..<300 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let count = [1, 2, 15, 16, 17, 100, 1000].randomElement(using: &generator) ?? 1
            let parameters = SamplingParameters.random(vocabularySize: count, &generator)
            let tokens = { (length: Int) in
                (0..<length).map { _ in Int32.random(in: 0..<Int32(count), using: &generator) }
            }
            let (prompt, output) = (tokens(20), tokens(12))
            for kernels in availableKernels {
                let (edited, expected) = compare(
                    parameters, count: count, kernels: kernels, prompt: prompt, output: output)
                #expect(edited == expected, "seed \(seed)")
            }
        }
    }

    @Test func `tokens outside the vocabulary are ignored`() {
        let parameters = SamplingParameters.with {
            $0.allowedTokenIDs = [1, -1, 1000, .max, .min]
            $0.badWordTokenIDs = [[-5], [1000], []]
            $0.logitBias = [-1: 4, 1000: 4]
            $0.stopTokenIDs = [-1, 1000]
            $0.minimumTokenCount = 10
            $0.repetitionPenalty = 2
        }
        let state = SamplerState(
            parameters, prompt: [-1, 1000], output: [-7, 2000], endOfSequence: [5000],
            vocabularySize: 4)
        var row: [Float] = [1, 2, 3, 4]
        row.withUnsafeMutableBufferPointer { state.edit($0, kernels: availableKernels[0]) }
        #expect(row == [-.infinity, 2, -.infinity, -.infinity])
    }
}
