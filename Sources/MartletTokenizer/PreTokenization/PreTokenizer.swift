/// Cuts normalized text into the pre-tokens that the model encodes one by one.
struct PreTokenizer: Sendable {
    /// The steps nest when they rewrite text, which this bounds.
    static let maximumStepCount = 32

    enum Step: Sendable {
        case split(Pattern, SplitBehavior, isInverted: Bool)
        /// Splits at single scalars of a set.
        case splitAtScalars(ScalarSet, SplitBehavior)
        /// Puts a space in front of each part that has none.
        case prefixSpace
        /// Writes each part in the byte alphabet.
        case byteAlphabet
        case metaspace(Metaspace)
    }

    /// Spaces as a visible character, as SentencePiece writes them.
    struct Metaspace: Sendable {
        enum PrependScheme: String, Sendable {
            case first, never, always
        }

        var replacement: Unicode.Scalar
        var prependScheme: PrependScheme
        var splits: Bool
    }

    let steps: [Step]
    /// Whether the pre-tokens are to be read as raw bytes, because a last step that would write
    /// them in the byte alphabet has been left out.
    let yieldsBytes: Bool

    /// Whether the beginning of the user's text is treated in a way of its own.
    var dependsOnTextStart: Bool {
        steps.contains {
            guard case .metaspace(let metaspace) = $0 else { return false }
            return metaspace.prependScheme == .first
        }
    }

    /// - Parameter modelAcceptsBytes: whether the model can do the last step itself.
    init(steps: [Step], modelAcceptsBytes: Bool) {
        if modelAcceptsBytes, case .byteAlphabet? = steps.last {
            self.steps = Array(steps.dropLast())
            yieldsBytes = true
        } else {
            self.steps = steps
            yieldsBytes = false
        }
    }

    /// Calls `body` with each pre-token of `text`, in order.
    ///
    /// - Parameter isTextStart: whether `text` is at the beginning of the user's text.
    func forEachPreToken(
        of text: UnsafeBufferPointer<UInt8>, isTextStart: Bool, _ scratch: inout PatternScratch,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard !text.isEmpty else { return }
        run(steps[...], text, [0..<text.count], isTextStart, &scratch, body)
    }

    private func run(
        _ steps: ArraySlice<Step>, _ text: UnsafeBufferPointer<UInt8>, _ parts: [Range<Int>],
        _ isTextStart: Bool, _ scratch: inout PatternScratch,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var parts = parts
        for (index, step) in zip(steps.indices, steps) {
            switch step {
            case .split(let pattern, let behavior, let isInverted):
                parts = split(text, parts, pattern, behavior, isInverted, &scratch)
            case .splitAtScalars(let set, let behavior):
                parts = split(text, parts, at: set, behavior)
            case .prefixSpace, .byteAlphabet, .metaspace:
                let (bytes, rewritten) = rewrite(text, parts, step, isTextStart)
                return bytes.withUnsafeBufferPointer {
                    run(steps[(index + 1)...], $0, rewritten, isTextStart, &scratch, body)
                }
            }
        }
        for part in parts { body(UnsafeBufferPointer(rebasing: text[part])) }
    }
}

// MARK: - Splitting

extension PreTokenizer {
    private func split(
        _ text: UnsafeBufferPointer<UInt8>, _ parts: [Range<Int>], _ pattern: Pattern,
        _ behavior: SplitBehavior, _ isInverted: Bool, _ scratch: inout PatternScratch
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        result.reserveCapacity(parts.count + text.count / 4)
        for part in parts {
            let slice = UnsafeBufferPointer(rebasing: text[part])
            var end = part.lowerBound
            if behavior == .isolated {
                pattern.forEachMatch(in: slice, scratch: &scratch) { match in
                    let start = part.lowerBound + match.lowerBound
                    if start > end { result.append(end..<start) }
                    end = part.lowerBound + match.upperBound
                    if end > start { result.append(start..<end) }
                }
                if end < part.upperBound { result.append(end..<part.upperBound) }
                continue
            }
            var cuts: [SplitCut] = []
            pattern.forEachMatch(in: slice, scratch: &scratch) { match in
                let start = part.lowerBound + match.lowerBound
                if start > end { cuts.append(SplitCut(range: end..<start, isMatch: isInverted)) }
                end = part.lowerBound + match.upperBound
                cuts.append(SplitCut(range: start..<end, isMatch: !isInverted))
            }
            if end < part.upperBound {
                cuts.append(SplitCut(range: end..<part.upperBound, isMatch: isInverted))
            }
            behavior.append(cuts, to: &result)
        }
        if behavior != .isolated { result.removeAll(where: \.isEmpty) }
        return result
    }

    private func split(
        _ text: UnsafeBufferPointer<UInt8>, _ parts: [Range<Int>], at set: ScalarSet,
        _ behavior: SplitBehavior
    ) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for part in parts {
            var cuts: [SplitCut] = []
            var end = part.lowerBound
            var position = part.lowerBound
            while position < part.upperBound {
                let (value, length) = text.scalar(at: position)
                if set.contains(value) {
                    if end < position {
                        cuts.append(SplitCut(range: end..<position, isMatch: false))
                    }
                    end = position + length
                    cuts.append(SplitCut(range: position..<end, isMatch: true))
                }
                position += length
            }
            if end < part.upperBound {
                cuts.append(SplitCut(range: end..<part.upperBound, isMatch: false))
            }
            behavior.append(cuts, to: &result)
        }
        return result
    }
}

// MARK: - Rewriting

extension PreTokenizer {
    private func rewrite(
        _ text: UnsafeBufferPointer<UInt8>, _ parts: [Range<Int>], _ step: Step,
        _ isTextStart: Bool
    ) -> ([UInt8], [Range<Int>]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count + parts.count)
        var rewritten: [Range<Int>] = []
        for part in parts {
            let slice = UnsafeBufferPointer(rebasing: text[part])
            let start = bytes.count
            switch step {
            case .prefixSpace:
                if slice.first != 0x20 { bytes.append(0x20) }
                bytes.append(contentsOf: slice)
            case .byteAlphabet: ByteAlphabet.append(slice, to: &bytes)
            case .metaspace(let metaspace):
                let isFirst = isTextStart && part.lowerBound == 0
                metaspace.append(slice, isFirst: isFirst, to: &bytes)
            case .split, .splitAtScalars: break
            }
            rewritten.append(start..<bytes.count)
        }
        guard case .metaspace(let metaspace) = step, metaspace.splits else {
            return (bytes, rewritten)
        }
        let set = ScalarSet(metaspace.replacement.value)
        return (
            bytes,
            bytes.withUnsafeBufferPointer { split($0, rewritten, at: set, .mergedWithNext) }
        )
    }
}

extension PreTokenizer.Metaspace {
    func append(
        _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, to bytes: inout [UInt8]
    ) {
        let mark = Array(String(replacement).utf8)
        let prepends =
            switch prependScheme {
            case .always: true
            case .first: isFirst
            case .never: false
            }
        if prepends, text.first != 0x20, !text.starts(with: mark) {
            bytes.append(contentsOf: mark)
        }
        for byte in text {
            if byte == 0x20 { bytes.append(contentsOf: mark) } else { bytes.append(byte) }
        }
    }
}
