/// Runs decoder steps over a stream of pieces, letting text out as soon as it is certain.
///
/// What has come out, and what ``finish()`` adds, is exactly what the steps make of all pieces at
/// once: each step holds back what a later piece could change.
struct DecodingPipeline: Sendable {
    private enum Stage: Sendable {
        /// Works on each piece by itself; counts them.
        case perPiece(DecoderStep, pieceCount: Int)
        case byteLevel(UTF8Assembler)
        case byteFallback(run: [UInt8])
        /// The pieces are one from here on: passes everything on as it comes.
        case fuse
        /// Takes up to `remaining` of a character off the beginning of a fused text.
        case stripStart([UInt8], remaining: Int)
        /// Works on a fused text as a whole, so holds back everything.
        case whole(DecoderStep, held: [UInt8])
    }

    private var stages: [Stage]
    private var text: [UInt8] = []

    init(steps: [DecoderStep]) {
        var isFused = false
        stages = steps.map { step in
            defer {
                switch step {
                case .fuse, .byteLevel, .joinWithSpaces: isFused = true
                default: break
                }
            }
            return Self.stage(step, isFused: isFused)
        }
    }

    private static func stage(_ step: DecoderStep, isFused: Bool) -> Stage {
        switch step {
        case .fuse: return .fuse
        case .joinWithSpaces: return .perPiece(step, pieceCount: 0)
        case .byteLevel where !isFused: return .byteLevel(UTF8Assembler())
        case .byteFallback where !isFused: return .byteFallback(run: [])
        case .strip(let scalar, let start, 0) where isFused:
            return .stripStart(Array(String(scalar).utf8), remaining: start)
        default:
            return isFused ? .whole(step, held: []) : .perPiece(step, pieceCount: 0)
        }
    }

    /// Adds a piece and returns the text that became certain.
    mutating func append(_ piece: [UInt8]) -> String {
        push(piece, from: 0)
        return takeText()
    }

    /// Returns what was held back.
    mutating func finish() -> String {
        for index in stages.indices { flush(index) }
        return takeText()
    }

    private mutating func takeText() -> String {
        defer { text.removeAll(keepingCapacity: true) }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func push(_ piece: [UInt8], from index: Int) {
        guard index < stages.count else {
            text += piece
            return
        }
        switch stages[index] {
        case .perPiece(let step, let count):
            stages[index] = .perPiece(step, pieceCount: count + 1)
            pushTransformed(piece, step, count, index)
        case .byteLevel(var assembler):
            let text = assembler.append(ByteAlphabet.decode(piece[...])[...])
            stages[index] = .byteLevel(assembler)
            if !text.isEmpty { push(Array(text.utf8), from: index + 1) }
        case .byteFallback(var run):
            if let byte = DecoderStep.fallbackByte(piece) {
                // Emptied first, so that the run is not copied.
                stages[index] = .fuse
                run.append(byte)
                stages[index] = .byteFallback(run: run)
            } else {
                flush(index)
                push(piece, from: index + 1)
            }
        case .fuse: push(piece, from: index + 1)
        case .stripStart(let content, let remaining):
            pushStripped(piece, content, remaining, index)
        case .whole(let step, var held):
            stages[index] = .fuse
            held += piece
            stages[index] = .whole(step, held: held)
        }
    }

    private mutating func pushTransformed(
        _ piece: [UInt8], _ step: DecoderStep, _ count: Int, _ index: Int
    ) {
        if case .joinWithSpaces = step {
            return push(count == 0 ? piece : [0x20] + piece, from: index + 1)
        }
        push(step.apply(to: piece, isFirst: count == 0), from: index + 1)
    }

    private mutating func pushStripped(
        _ piece: [UInt8], _ content: [UInt8], _ remaining: Int, _ index: Int
    ) {
        var rest = piece[...]
        var remaining = remaining
        while remaining > 0, !rest.isEmpty {
            guard rest.starts(with: content) else {
                remaining = 0
                break
            }
            rest = rest.dropFirst(content.count)
            remaining -= 1
        }
        stages[index] = .stripStart(content, remaining: remaining)
        push(Array(rest), from: index + 1)
    }

    /// Lets out what a stage holds back, at the end or where a run of bytes ends.
    private mutating func flush(_ index: Int) {
        switch stages[index] {
        case .byteLevel(var assembler):
            let text = assembler.finish()
            stages[index] = .byteLevel(assembler)
            if !text.isEmpty { push(Array(text.utf8), from: index + 1) }
        case .byteFallback(let run):
            guard !run.isEmpty else { return }
            stages[index] = .byteFallback(run: [])
            if String(validating: run, as: UTF8.self) != nil {
                push(run, from: index + 1)
            } else {
                for _ in run { push([0xEF, 0xBF, 0xBD], from: index + 1) }
            }
        case .whole(let step, let held):
            stages[index] = .whole(step, held: [])
            push(applyWhole(step, held), from: index + 1)
        case .perPiece, .fuse, .stripStart: break
        }
    }

    private func applyWhole(_ step: DecoderStep, _ text: [UInt8]) -> [UInt8] {
        switch step {
        case .byteLevel:
            return Array(String(decoding: ByteAlphabet.decode(text[...]), as: UTF8.self).utf8)
        case .byteFallback:
            guard let byte = DecoderStep.fallbackByte(text) else { return text }
            return byte < 0x80 ? [byte] : [0xEF, 0xBF, 0xBD]
        default: return step.apply(to: text, isFirst: true)
        }
    }
}
