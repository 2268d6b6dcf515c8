/// A regular expression in Oniguruma's language, as tokenizer files carry them.
///
/// Matching works on UTF-8 and takes time and memory in proportion to the text whatever the
/// pattern: see ``forEachMatch(in:scratch:_:)``.
package struct Pattern: Sendable {
    /// Steps granted per call, and per byte of text. The patterns of GPT-2, Llama 3, Qwen 2 and
    /// GPT-4o need fewer than ten per byte.
    private static let baseSteps = 10_000
    private static let stepsPerByte = 200
    private static let baseFrameCount = 10_000
    private static let framesPerByte = 4

    private let program: PatternProgram

    /// - Throws: ``PatternError`` for what is malformed, not supported or too large.
    package init(_ text: String) throws(PatternError) {
        program = try PatternCompiler.compile(try PatternParser.parse(text))
    }

    /// A pattern that matches `text` and nothing else.
    init(literal text: String) throws(PatternError) {
        let nodes = text.unicodeScalars.map { PatternNode.literal($0) }
        program = try PatternCompiler.compile(.sequence(nodes))
    }

    /// Calls `body` with the byte range of each match, from left to right without overlaps. An
    /// empty match at the end of the match before it does not count.
    ///
    /// - Parameter text: valid UTF-8.
    /// - Returns: false if the work was cut off because the pattern backtracks beyond all measure;
    ///   what follows the last match reported then counts as not matching.
    /// - Complexity: O(n) steps in the length of the text.
    @discardableResult
    func forEachMatch(
        in text: UnsafeBufferPointer<UInt8>, scratch: inout PatternScratch,
        _ body: (Range<Int>) -> Void
    ) -> Bool {
        program.instructions.withUnsafeBufferPointer { instructions in
            program.bitmaps.withUnsafeBufferPointer { bitmaps in
                let matcher = PatternMatcher(
                    instructions: instructions, bitmaps: bitmaps, program: program, text: text,
                    remainingSteps: Self.baseSteps + Self.stepsPerByte * text.count,
                    maximumFrameCount: Self.baseFrameCount + Self.framesPerByte * text.count)
                return search(matcher, &scratch, body)
            }
        }
    }

    /// The byte ranges of the matches in a text, and whether the search got to its end.
    package func matches(in text: String) -> (ranges: [Range<Int>], isComplete: Bool) {
        var ranges: [Range<Int>] = []
        var scratch = PatternScratch()
        var text = text
        let isComplete = text.withUTF8 { bytes in
            forEachMatch(in: bytes, scratch: &scratch) { ranges.append($0) }
        }
        return (ranges, isComplete)
    }

    private func search(
        _ initial: PatternMatcher, _ scratch: inout PatternScratch, _ body: (Range<Int>) -> Void
    ) -> Bool {
        var matcher = initial
        scratch.registers = [Int](repeating: -1, count: program.registerCount)
        var position = 0
        var lastEnd = -1
        while position <= matcher.text.count {
            switch matcher.match(at: position, &scratch) {
            case .exhausted: return false
            case .matched(let end) where end > position:
                body(position..<end)
                position = end
                lastEnd = end
                continue
            case .matched where position != lastEnd:
                // The search goes on from here; the same empty match is then not reported again.
                body(position..<position)
                lastEnd = position
                continue
            default: break
            }
            guard position < matcher.text.count else { break }
            position += matcher.text.scalar(at: position).length
        }
        return true
    }
}
