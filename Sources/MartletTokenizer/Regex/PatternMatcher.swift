/// Runs a ``PatternProgram`` over UTF-8 text by backtracking with a stack of its own.
///
/// Every instruction, and every scalar that a run takes or gives back, is a step. Steps and frames
/// are bounded in proportion to the text, so that no pattern and no text can make matching hang or
/// exhaust memory; recursion is not used.
struct PatternMatcher {
    enum Outcome {
        case matched(end: Int)
        case failed
        /// The bound on steps or frames was reached.
        case exhausted
    }

    let instructions: UnsafeBufferPointer<PatternInstruction>
    let bitmaps: UnsafeBufferPointer<UInt64>
    let program: PatternProgram
    /// Valid UTF-8.
    let text: UnsafeBufferPointer<UInt8>
    var remainingSteps: Int
    let maximumFrameCount: Int

    @inline(__always)
    func contains(_ set: Int32, _ value: UInt32) -> Bool {
        guard value <= 0xFFFF else { return containsSupplementary(set, value) }
        let word = bitmaps[Int(set) * PatternProgram.wordsPerSet + Int(value >> 6)]
        return word >> UInt64(value & 63) & 1 != 0
    }

    private func containsSupplementary(_ set: Int32, _ value: UInt32) -> Bool {
        var low = Int(program.supplementaryOffsets[Int(set)])
        let end = Int(program.supplementaryOffsets[Int(set) + 1])
        var high = end
        while low < high {
            let middle = (low + high) / 2
            if program.supplementaryRanges[middle].upperBound < value {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < end && program.supplementaryRanges[low].lowerBound <= value
    }

    /// The position after the scalar at `position` if that is in `set`, else nil.
    @inline(__always)
    func advance(_ position: Int, over set: Int32) -> Int? {
        guard position < text.count else { return nil }
        let (value, length) = text.scalar(at: position)
        return contains(set, value) ? position + length : nil
    }

    /// The position before the scalar that ends at `position`, which must not be the start.
    @inline(__always)
    func stepBack(_ position: Int) -> Int {
        var result = position - 1
        while result > 0, text[result] & 0xC0 == 0x80 { result -= 1 }
        return result
    }

    /// Takes up to `maximum` scalars of `set`. Returns where that ends, and where it would end
    /// with just `minimum` of them; nil when there are fewer.
    @inline(__always)
    mutating func run(
        over set: Int32, from start: Int, _ minimum: Int32, _ maximum: Int32
    ) -> (end: Int, earliest: Int)? {
        var position = start
        var earliest = start
        var count: Int32 = 0
        while count < maximum, let next = advance(position, over: set) {
            position = next
            count += 1
            if count == minimum { earliest = position }
        }
        remainingSteps -= Int(count)
        return count >= minimum ? (position, earliest) : nil
    }

    func holds(_ assertion: PatternAssertion, at position: Int) -> Bool {
        let newline = UInt8(ascii: "\n")
        let isEnd = position == text.count
        switch assertion {
        case .textStart: return position == 0
        case .textEnd: return isEnd
        case .textEndBeforeNewline:
            return isEnd || (position == text.count - 1 && text[position] == newline)
        case .lineStart: return position == 0 || (text[position - 1] == newline && !isEnd)
        case .lineEnd: return isEnd || text[position] == newline
        case .wordBoundary: return isWordBoundary(position)
        case .notWordBoundary: return !isWordBoundary(position)
        }
    }

    private func isWordBoundary(_ position: Int) -> Bool {
        let word = ScalarSet.word
        let before = position > 0 && word.contains(text.scalar(before: position).value)
        let after = position < text.count && word.contains(text.scalar(at: position).value)
        return before != after
    }
}
