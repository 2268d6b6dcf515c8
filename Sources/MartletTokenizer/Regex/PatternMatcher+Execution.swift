extension PatternMatcher {
    /// Matches the pattern at `start` exactly.
    mutating func match(at start: Int, _ scratch: inout PatternScratch) -> Outcome {
        scratch.frames.removeAll(keepingCapacity: true)
        scratch.groups.removeAll(keepingCapacity: true)
        var index = 0
        var position = start
        while true {
            remainingSteps -= 1
            guard remainingSteps > 0, scratch.frames.count <= maximumFrameCount else {
                return .exhausted
            }
            let instruction = instructions[index]
            var succeeds = true
            index += 1
            switch instruction.operation {
            case .match: return .matched(end: position)
            case .byte:
                succeeds = position < text.count && text[position] == instruction.byte
                position += 1
            case .set:
                if let next = advance(position, over: instruction.first) {
                    position = next
                } else {
                    succeeds = false
                }
            case .possessiveRun, .greedyRun, .lazyRun:
                succeeds = matchRun(instruction, index, &position, &scratch)
            case .jump: index = Int(instruction.first)
            case .split:
                scratch.frames.append(
                    .init(kind: .resume, index: instruction.second, position: position))
                index = Int(instruction.first)
            case .dispatch:
                let mask = dispatchMask(instruction.first, at: position)
                succeeds = choose(mask, &index, position, &scratch)
            case .peek: succeeds = advance(position, over: instruction.first) != nil
            case .peekNot: succeeds = advance(position, over: instruction.first) == nil
            default:
                succeeds = matchRare(instruction, &index, &position, &scratch)
            }
            if !succeeds, !backtrack(&index, &position, &scratch) { return .failed }
        }
    }

    @inline(__always)
    private mutating func matchRun(
        _ instruction: PatternInstruction, _ next: Int, _ position: inout Int,
        _ scratch: inout PatternScratch
    ) -> Bool {
        let isLazy = instruction.operation == .lazyRun
        let limit = isLazy ? instruction.minimum : instruction.maximum
        guard
            let (end, earliest) = run(
                over: instruction.first, from: position, instruction.minimum, limit)
        else { return false }
        position = end
        if isLazy {
            let more = Int(instruction.maximum) - Int(instruction.minimum)
            if more > 0 {
                scratch.frames.append(
                    .init(kind: .grow, index: Int32(next - 1), position: end, extra: more))
            }
        } else if instruction.operation == .greedyRun, end > earliest {
            scratch.frames.append(
                .init(kind: .shrink, index: Int32(next), position: end, extra: earliest))
        }
        return true
    }

    @inline(__always)
    private func dispatchMask(_ table: Int32, at position: Int) -> UInt64 {
        let entry =
            position < text.count
            ? min(Int(text[position]), PatternProgram.otherScalarEntry) : PatternProgram.endEntry
        return program.dispatchMasks[Int(table) * PatternProgram.entriesPerTable + entry]
    }

    /// Enters the first alternative left in `mask`; `index` is after the dispatch instruction.
    @inline(__always)
    private func choose(
        _ mask: UInt64, _ index: inout Int, _ position: Int, _ scratch: inout PatternScratch
    ) -> Bool {
        guard mask != 0 else { return false }
        let rest = mask & (mask - 1)
        if rest != 0 {
            scratch.frames.append(
                .init(
                    kind: .alternatives, index: Int32(index), position: position,
                    extra: Int(bitPattern: UInt(rest))))
        }
        let base = Int(instructions[index - 1].second)
        index = Int(program.dispatchTargets[base + mask.trailingZeroBitCount])
        return true
    }

    /// The operations that the patterns of real tokenizers seldom reach.
    private func matchRare(
        _ instruction: PatternInstruction, _ index: inout Int, _ position: inout Int,
        _ scratch: inout PatternScratch
    ) -> Bool {
        switch instruction.operation {
        case .mark:
            let register = Int(instruction.first)
            scratch.frames.append(
                .init(
                    kind: .restore, index: instruction.first,
                    position: scratch.registers[register]))
            scratch.registers[register] = position
        case .repeatUnlessEmpty:
            if scratch.registers[Int(instruction.first)] != position {
                index = Int(instruction.second)
            }
        case .look, .atomic, .lookNot:
            scratch.groups.append(.init(frameCount: scratch.frames.count, position: position))
            scratch.frames.append(
                .init(
                    kind: instruction.operation == .lookNot ? .negativeBarrier : .barrier,
                    index: instruction.first, position: position))
        case .lookEnd:
            position = close(&scratch)
        case .atomicEnd:
            _ = close(&scratch)
        case .lookNotEnd:
            _ = close(&scratch)
            return false
        case .stepBack:
            for _ in 0..<instruction.minimum {
                guard position > 0 else { return false }
                position = stepBack(position)
            }
        case .assertion:
            guard let assertion = PatternAssertion(rawValue: instruction.byte) else { return false }
            return holds(assertion, at: position)
        default: return false
        }
        return true
    }

    /// Ends the innermost group: what it could still have tried is forgotten. Registers keep
    /// their values, which only loops inside the group read. Returns where the group began.
    private func close(_ scratch: inout PatternScratch) -> Int {
        guard let group = scratch.groups.popLast() else { return 0 }
        scratch.frames.removeLast(scratch.frames.count - group.frameCount)
        return group.position
    }

    /// Takes up the most recent choice that is left. Returns false when there is none.
    @inline(__always)
    private mutating func backtrack(
        _ index: inout Int, _ position: inout Int, _ scratch: inout PatternScratch
    ) -> Bool {
        while let frame = scratch.frames.popLast() {
            remainingSteps -= 1
            index = Int(frame.index)
            position = frame.position
            switch frame.kind {
            case .resume: return true
            case .shrink:
                position = stepBack(position)
                if position > frame.extra {
                    scratch.frames.append(
                        .init(
                            kind: .shrink, index: frame.index, position: position,
                            extra: frame.extra))
                }
                return true
            case .grow:
                if growLazyRun(frame, &index, &position, &scratch) { return true }
            case .alternatives:
                let mask = UInt64(UInt(bitPattern: frame.extra))
                if choose(mask, &index, position, &scratch) { return true }
            case .restore: scratch.registers[index] = position
            case .barrier: scratch.groups.removeLast()
            case .negativeBarrier:
                scratch.groups.removeLast()
                return true
            }
        }
        return false
    }

    private func growLazyRun(
        _ frame: PatternScratch.Frame, _ index: inout Int, _ position: inout Int,
        _ scratch: inout PatternScratch
    ) -> Bool {
        let instruction = instructions[Int(frame.index)]
        guard let next = advance(frame.position, over: instruction.first) else { return false }
        if frame.extra > 1 {
            scratch.frames.append(
                .init(
                    kind: .grow, index: frame.index, position: next, extra: frame.extra - 1))
        }
        index = Int(frame.index) + 1
        position = next
        return true
    }
}
