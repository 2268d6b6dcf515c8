/// The tokens a sequence has seen, each once, with how often the output holds it.
///
/// Penalties walk this list, so that their cost follows the text and not the vocabulary.
struct TokenHistory: Sendable {
    /// The distinct tokens, in order of first appearance.
    private(set) var tokens: [Int32] = []
    /// How often the output holds each of ``tokens``; 0 for tokens of the prompt alone.
    private(set) var outputCounts: [Int32] = []
    private var places: [Int32: Int] = [:]

    /// Remembers that the prompt holds `token`.
    mutating func insertPrompt(_ token: Int32) {
        _ = place(of: token)
    }

    /// Counts one more `token` in the output.
    mutating func appendOutput(_ token: Int32) {
        outputCounts[place(of: token)] += 1
    }

    private mutating func place(of token: Int32) -> Int {
        if let place = places[token] { return place }
        places[token] = tokens.count
        tokens.append(token)
        outputCounts.append(0)
        return tokens.count - 1
    }
}
