/// A load: how many requests of which lengths, and how many of them are open at a time.
package struct LoadShape: Hashable, Sendable, CustomStringConvertible {
    /// The most requests that are open at a time.
    package let concurrency: Int
    package let requestCount: Int
    /// Tokens in each prompt.
    package let inputLength: Int
    /// Tokens to generate for each.
    package let outputLength: Int

    package init(concurrency: Int, requestCount: Int, inputLength: Int, outputLength: Int) {
        self.concurrency = concurrency
        self.requestCount = requestCount
        self.inputLength = inputLength
        self.outputLength = outputLength
    }

    /// Reads `CONCURRENCY:REQUESTS`, of 128 tokens in and 64 out, or
    /// `CONCURRENCY:REQUESTS:INPUT:OUTPUT`; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let fields = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = fields.compactMap { Int($0) }
        guard numbers.count == fields.count, [2, 4].contains(numbers.count),
            numbers.allSatisfy({ (1...1_000_000).contains($0) })
        else { return nil }
        let lengths = numbers.count == 4 ? numbers[2...] : [128, 64]
        self.init(
            concurrency: numbers[0], requestCount: numbers[1],
            inputLength: lengths[lengths.startIndex], outputLength: lengths[lengths.endIndex - 1])
    }

    /// As it is written on the command line.
    package var description: String {
        "\(concurrency):\(requestCount):\(inputLength):\(outputLength)"
    }

    /// Prompts of random tokens, which no prefix cache can help: the same for the same seed.
    func prompts(vocabularySize: Int, seed: UInt64) -> [[Int32]] {
        var generator = SplitMix(state: seed)
        // The first ids are often special tokens.
        let first = min(10, vocabularySize - 1)
        return (0..<requestCount).map { _ in
            (0..<inputLength).map { _ in
                Int32.random(in: Int32(first)..<Int32(vocabularySize), using: &generator)
            }
        }
    }
}
