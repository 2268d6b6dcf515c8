import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

/// The tokens that filters leave, against a full sort in double precision.
@Suite struct CandidateTests {
    /// Rounding may move the end of top-p by what this share of the mass is worth.
    private let slack = 1e-5

    private func check(_ row: [Float], _ parameters: SamplingParameters, _ label: String) {
        let most = SamplingReference.candidates(row, parameters, slack: slack)
        let fewest = SamplingReference.candidates(row, parameters, slack: -slack)
        for kernels in availableKernels {
            let sampler = RowSampler(kernels: kernels, vocabularySize: row.count)
            let listed = row.withRow { sampler.candidates($0, parameters)?.listed ?? [] }
            let tokens = listed.sorted { first, second in
                let (left, right) = (row[Int(first.token)], row[Int(second.token)])
                return left == right ? first.token < second.token : left > right
            }
            #expect(tokens.map(\.token) == most.prefix(tokens.count).map(\.token), "\(label)")
            #expect(
                (fewest.count...most.count).contains(tokens.count),
                "\(label): \(tokens.count) of \(fewest.count)...\(most.count)")
        }
    }

    @Test(arguments: [1, 2, 15, 16, 17, 63, 64, 65, 1000, 5003])
    func `filters keep what the definition keeps`(count: Int) {
        for seed in 0..<60 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed * 8191 + UInt64(count))
            let row = generator.gridLogits(count)
            let parameters = SamplingParameters.with {
                $0.temperature = [0.01, 0.7, 1, 2].randomElement(using: &generator) ?? 1
                $0.topK =
                    [-1, 0, 1, 2, 5, 64, 65, 500, Int.max].randomElement(using: &generator) ?? 0
                $0.topP = [1e-9, 0.2, 0.8, 0.95, 0.9999, 1].randomElement(using: &generator) ?? 1
                $0.minP = [0, 0, 1e-4, 0.1, 1].randomElement(using: &generator) ?? 0
            }
            check(row, parameters, "seed \(seed), \(parameters)")
        }
    }

    @Test func `equal logits are cut by token`() throws {
        let row = [Float](repeating: 2, count: 1000)
        for kernels in availableKernels {
            let sampler = RowSampler(kernels: kernels, vocabularySize: 1000)
            for (parameters, count) in [
                (SamplingParameters.with { $0.topK = 3 }, 3), (.with { $0.topK = 100 }, 100),
                (.with { $0.topP = 0.25 }, 250), (.with { $0.minP = 1 }, 1000),
                (
                    .with {
                        $0.topK = 500; $0.topP = 0.5
                    }, 250
                ),
            ] {
                let candidates = row.withRow { sampler.candidates($0, parameters) }
                #expect(try #require(candidates).listed.map(\.token) == Array(0..<Int32(count)))
            }
        }
    }

    @Test func `infinite and NaN logits never leave the vocabulary`() throws {
        let rows: [[Float]] = [
            [.nan], [.nan, 1], [.infinity, 0, .infinity], [-.infinity, .nan, -5],
            [.greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0],
        ]
        let expected: [[Int32]] = [[], [1], [0, 2], [2], [0]]
        for kernels in availableKernels {
            for topK in [0, 5, 100] {
                for (row, tokens) in zip(rows, expected) {
                    let sampler = RowSampler(kernels: kernels, vocabularySize: row.count)
                    let parameters = SamplingParameters.with {
                        $0.topK = topK; $0.topP = 0.99
                    }
                    let listed = row.withRow { sampler.candidates($0, parameters)?.listed ?? [] }
                    #expect(listed.map(\.token).sorted() == tokens)
                }
            }
        }
    }

    /// Several blocks of weights: the running sum before the token is at most the share drawn,
    /// the sum with it at least that, but for fp32 rounding of block sums.
    @Test(arguments: [0, 3000])
    func `a draw lands where the running sum passes its share`(topK: Int) throws {
        var generator = SeededGenerator(seed: 21)
        let row = generator.logits(5003, spread: 0.5)
        for kernels in availableKernels {
            let sampler = RowSampler(kernels: kernels, vocabularySize: row.count)
            let parameters = SamplingParameters.with { $0.topK = topK }
            let candidates = try #require(row.withRow { sampler.candidates($0, parameters) })
            let listed = candidates.listed
            let sums = listed.reduce(into: [0.0]) {
                $0.append($0[$0.count - 1] + Double($1.weight))
            }
            let total = sums[listed.count]
            for step in 0..<2000 {
                let share = (Double(step) + 0.5) / 2000
                let token = candidates.draw(share)
                let place = try #require(listed.firstIndex { $0.token == token })
                let slack = 1e-5 * total
                #expect(sums[place] <= share * total + slack)
                #expect(sums[place + 1] >= share * total - slack)
            }
        }
    }

    @Test func `a draw covers every candidate and no other`() throws {
        let weights = [Float](arrayLiteral: 0, -.infinity, 0, 0, -.infinity, 0)
        let sampler = RowSampler(kernels: availableKernels[0], vocabularySize: weights.count)
        let candidates = try #require(weights.withRow { sampler.candidates($0, .init()) })
        let drawn = [0, 0.24, 0.26, 0.49, 0.51, 0.74, 0.76, 1 - 0x1p-53].map(candidates.draw)
        #expect(drawn == [0, 0, 2, 2, 3, 3, 5, 5])
    }
}
