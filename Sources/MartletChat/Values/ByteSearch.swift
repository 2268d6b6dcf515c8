/// Finds a byte string in others in linear time.
///
/// - Source: Knuth, Morris and Pratt, "Fast pattern matching in strings" (1977).
struct ByteSearch {
    private let needle: [UInt8]
    /// For each prefix of the needle, the length of its longest border.
    private var borders: [Int] = []

    init(_ needle: [UInt8]) { self.needle = needle }

    private mutating func makeBorders() {
        borders = [Int](repeating: 0, count: needle.count)
        var length = 0
        for index in needle.indices.dropFirst() {
            while length > 0, needle[index] != needle[length] { length = borders[length - 1] }
            if needle[index] == needle[length] { length += 1 }
            borders[index] = length
        }
    }

    /// The first match at or after `start`. An empty needle matches everywhere.
    mutating func next(in text: [UInt8], from start: Int) -> Int? {
        guard start <= text.count - needle.count else { return nil }
        if needle.isEmpty { return start }
        if borders.isEmpty { makeBorders() }
        var matched = 0
        for index in start..<text.count {
            while matched > 0, text[index] != needle[matched] { matched = borders[matched - 1] }
            if text[index] == needle[matched] { matched += 1 }
            if matched == needle.count { return index - matched + 1 }
        }
        return nil
    }

    /// All matches that do not overlap, from the left, at most `limit`.
    mutating func all(in text: [UInt8], limit: Int = .max) -> [Int] {
        var matches: [Int] = []
        var start = 0
        while matches.count < limit, let match = next(in: text, from: start) {
            matches.append(match)
            start = match + needle.count
        }
        return matches
    }
}
