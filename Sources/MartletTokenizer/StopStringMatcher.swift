/// Watches generated text for stop strings, and withholds what may turn out to belong to one.
///
/// Of several matches the one that ends first wins; of those that end together, the one that
/// comes first in the list. Text is compared byte by byte.
///
/// - Source: vLLM's `check_stop_strings`, which withholds as many characters as the longest stop
///   string could still need; here only a real beginning of one is withheld, so that text streams
///   sooner. The text in the end is the same.
package struct StopStringMatcher: Sendable {
    private let stopStrings: [String]
    private let patterns: [[UInt8]]
    /// For each pattern and number of matched bytes, how many match after a mismatch.
    private let fallbacks: [[Int]]
    private let includeInOutput: Bool
    /// How many bytes of each pattern the text ends with.
    private var matched: [Int]
    /// Text not yet let out: a beginning of a stop string.
    private var withheld: [UInt8] = []
    private var hasMatched = false

    /// - Parameters:
    ///   - stopStrings: what ends the text; empty strings are ignored.
    ///   - includeInOutput: whether the stop string is part of the text in the end.
    package init(stopStrings: [String], includeInOutput: Bool) {
        self.stopStrings = stopStrings.filter { !$0.isEmpty }
        patterns = self.stopStrings.map { Array($0.utf8) }
        fallbacks = patterns.map(Self.fallbacks)
        self.includeInOutput = includeInOutput
        matched = patterns.map { _ in 0 }
    }

    /// The failure function of Knuth, Morris and Pratt.
    private static func fallbacks(_ pattern: [UInt8]) -> [Int] {
        var result = [0, 0]
        var length = 0
        for byte in pattern.dropFirst() {
            while length > 0, pattern[length] != byte { length = result[length] }
            if pattern[length] == byte { length += 1 }
            result.append(length)
        }
        return result
    }

    /// Adds text. Returns what can be let out, and the stop string that ended the text. After a
    /// match nothing more comes out.
    ///
    /// - Complexity: O(n) in the length of the text for each stop string.
    package mutating func append(_ text: String) -> (text: String, match: String?) {
        guard !hasMatched else { return ("", nil) }
        guard !patterns.isEmpty else { return (text, nil) }
        for byte in text.utf8 {
            withheld.append(byte)
            if let index = advance(byte) {
                hasMatched = true
                if !includeInOutput { withheld.removeLast(patterns[index].count) }
                return (finish(), stopStrings[index])
            }
        }
        return (release(), nil)
    }

    /// Moves every pattern on by one byte; returns the first pattern that is complete.
    private mutating func advance(_ byte: UInt8) -> Int? {
        var complete: Int?
        for index in patterns.indices {
            let pattern = patterns[index]
            var length = matched[index]
            while length > 0, pattern[length] != byte { length = fallbacks[index][length] }
            if pattern[length] == byte { length += 1 }
            matched[index] = length
            if length == pattern.count, complete == nil { complete = index }
        }
        return complete
    }

    /// Lets out everything before the longest beginning of a stop string at the end, which begins
    /// at a character since stop strings do.
    private mutating func release() -> String {
        let kept = matched.max() ?? 0
        let count = withheld.count - kept
        guard count > 0 else { return "" }
        let text = String(decoding: withheld[..<count], as: UTF8.self)
        withheld.removeFirst(count)
        return text
    }

    /// Returns the text that was withheld, for when no more will come.
    package mutating func finish() -> String {
        defer { withheld.removeAll() }
        return String(decoding: withheld, as: UTF8.self)
    }
}
