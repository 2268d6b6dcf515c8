/// Turns a syntax tree into a ``PatternProgram``.
struct PatternCompiler {
    /// Counted repetitions are unrolled, so a short pattern can ask for a huge program.
    static let maximumInstructionCount = 20_000
    static let maximumSetCount = 512

    private var program = PatternProgram()
    private var setNumbers: [ScalarSet: Int32] = [:]

    static func compile(_ node: PatternNode) throws(PatternError) -> PatternProgram {
        var compiler = PatternCompiler()
        try compiler.emit(node)
        try compiler.append(PatternInstruction(operation: .match))
        compiler.shortenJumps()
        return compiler.program
    }

    private var nextIndex: Int32 { Int32(program.instructions.count) }

    private mutating func append(_ instruction: PatternInstruction) throws(PatternError) {
        guard program.instructions.count < Self.maximumInstructionCount else {
            throw PatternError(offset: 0, reason: "its repetitions make it too large")
        }
        program.instructions.append(instruction)
    }

    /// Appends an instruction whose targets are filled in later, and returns its index.
    private mutating func reserve(
        _ operation: PatternInstruction.Operation
    ) throws(PatternError) -> Int {
        try append(PatternInstruction(operation: operation))
        return program.instructions.count - 1
    }

    private mutating func number(of set: ScalarSet) throws(PatternError) -> Int32 {
        if let number = setNumbers[set] { return number }
        guard setNumbers.count < Self.maximumSetCount else {
            throw PatternError(
                offset: 0, reason: "more than \(Self.maximumSetCount) character classes")
        }
        let number = program.add(set)
        setNumbers[set] = number
        return number
    }

    private mutating func emit(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .literal(let scalar):
            for byte in String(scalar).utf8 {
                try append(PatternInstruction(operation: .byte, byte: byte))
            }
        case .set(let set):
            try append(PatternInstruction(operation: .set, first: try number(of: set)))
        case .sequence(let nodes):
            for node in nodes { try emit(node) }
        case .alternation(let nodes): try emitAlternation(nodes)
        case .repetition(let node, let count, let mode):
            try emitRepetition(node, count, mode)
        case .lookahead(let node, let isNegative): try emitLookahead(node, isNegative)
        case .lookbehind(let node, let isNegative): try emitLookbehind(node, isNegative)
        case .atomic(let node):
            try append(PatternInstruction(operation: .atomic))
            try emit(node)
            try append(PatternInstruction(operation: .atomicEnd))
        case .assertion(let kind):
            try append(PatternInstruction(operation: .assertion, byte: kind.rawValue))
        }
    }
}

// MARK: - Alternatives

extension PatternCompiler {
    private mutating func emitAlternation(_ nodes: [PatternNode]) throws(PatternError) {
        guard nodes.count <= 64 else {
            let rest = PatternNode.alternation(Array(nodes[63...]))
            return try emitAlternation(Array(nodes[..<63]) + [rest])
        }
        let dispatch = try reserve(.dispatch)
        let firstTarget = program.dispatchTargets.count
        program.instructions[dispatch].first = Int32(
            program.dispatchMasks.count / PatternProgram.entriesPerTable)
        program.instructions[dispatch].second = Int32(firstTarget)
        program.dispatchMasks += masks(for: nodes)
        program.dispatchTargets += repeatElement(0, count: nodes.count)
        var jumps: [Int] = []
        for (index, node) in nodes.enumerated() {
            program.dispatchTargets[firstTarget + index] = nextIndex
            try emit(node)
            jumps.append(try reserve(.jump))
        }
        for jump in jumps { program.instructions[jump].first = nextIndex }
    }

    /// The dispatch table: which alternatives are worth trying before each kind of scalar.
    private func masks(for nodes: [PatternNode]) -> [UInt64] {
        var masks = [UInt64](repeating: 0, count: PatternProgram.entriesPerTable)
        for (index, node) in nodes.enumerated() {
            let bit: UInt64 = 1 << UInt64(index)
            guard let first = node.firstScalars else {
                for entry in masks.indices { masks[entry] |= bit }
                continue
            }
            for value in 0..<128 where first.contains(UInt32(value)) { masks[value] |= bit }
            if let last = first.ranges.last, last.upperBound > 127 {
                masks[PatternProgram.otherScalarEntry] |= bit
            }
        }
        return masks
    }

    /// Points jumps that lead to another jump, or to the end, straight there. A run that nothing
    /// follows has no reason to give back.
    private mutating func shortenJumps() {
        let end = program.instructions.count
        for index in stride(from: end - 1, through: 0, by: -1) {
            let instruction = program.instructions[index]
            switch instruction.operation {
            case .jump where instruction.first > index:
                let target = program.instructions[Int(instruction.first)]
                if target.operation == .match || target.operation == .jump {
                    program.instructions[index] = target
                }
            case .greedyRun where program.instructions[index + 1].operation == .match:
                program.instructions[index].operation = .possessiveRun
            default: break
            }
        }
    }
}

// MARK: - Repetitions

extension PatternCompiler {
    private mutating func emitRepetition(
        _ node: PatternNode, _ count: ClosedRange<Int>, _ mode: RepetitionMode
    ) throws(PatternError) {
        if let set = node.singleScalar {
            let operation: PatternInstruction.Operation =
                switch mode {
                case .greedy: .greedyRun
                case .lazy: .lazyRun
                case .possessive: .possessiveRun
                }
            return try append(
                PatternInstruction(
                    operation: operation, first: try number(of: set),
                    minimum: Int32(count.lowerBound), maximum: Int32(count.upperBound)))
        }
        guard mode != .possessive else {
            return try emit(.atomic(.repetition(node, count: count, mode: .greedy)))
        }
        for _ in 0..<count.lowerBound { try emit(node) }
        if count.upperBound == PatternNode.unbounded {
            try emitLoop(node, isLazy: mode == .lazy)
        } else {
            try emitOptionalCopies(
                node, count: count.upperBound - count.lowerBound, isLazy: mode == .lazy)
        }
    }

    private mutating func emitLoop(_ node: PatternNode, isLazy: Bool) throws(PatternError) {
        let canBeEmpty = node.firstScalars == nil
        let register = Int32(program.registerCount)
        if canBeEmpty { program.registerCount += 1 }
        let split = try reserve(.split)
        if canBeEmpty { try append(PatternInstruction(operation: .mark, first: register)) }
        let body = Int32(split + 1)
        try emit(node)
        if canBeEmpty {
            try append(
                PatternInstruction(
                    operation: .repeatUnlessEmpty, first: register, second: Int32(split)))
        } else {
            try append(PatternInstruction(operation: .jump, first: Int32(split)))
        }
        program.instructions[split].first = isLazy ? nextIndex : body
        program.instructions[split].second = isLazy ? body : nextIndex
    }

    private mutating func emitOptionalCopies(
        _ node: PatternNode, count: Int, isLazy: Bool
    ) throws(PatternError) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(try reserve(.split))
            try emit(node)
        }
        for split in splits {
            program.instructions[split].first = isLazy ? nextIndex : Int32(split + 1)
            program.instructions[split].second = isLazy ? Int32(split + 1) : nextIndex
        }
    }
}

// MARK: - Look-around

extension PatternCompiler {
    private mutating func emitLookahead(
        _ node: PatternNode, _ isNegative: Bool
    ) throws(PatternError) {
        if let set = node.singleScalar {
            return try append(
                PatternInstruction(
                    operation: isNegative ? .peekNot : .peek, first: try number(of: set)))
        }
        let look = try reserve(isNegative ? .lookNot : .look)
        try emit(node)
        try append(PatternInstruction(operation: isNegative ? .lookNotEnd : .lookEnd))
        program.instructions[look].first = nextIndex
    }

    private mutating func emitLookbehind(
        _ node: PatternNode, _ isNegative: Bool
    ) throws(PatternError) {
        var alternatives = [node]
        if case .alternation(let nodes) = node { alternatives = nodes }
        let look = try reserve(isNegative ? .lookNot : .look)
        var jumps: [Int] = []
        for (index, alternative) in alternatives.enumerated() {
            guard let length = alternative.fixedLength, length <= Int32.max else {
                throw PatternError(offset: 0, reason: "a look-behind without a fixed length")
            }
            let split = index + 1 < alternatives.count ? try reserve(.split) : nil
            try append(PatternInstruction(operation: .stepBack, minimum: Int32(length)))
            try emit(alternative)
            guard let split else { break }
            jumps.append(try reserve(.jump))
            program.instructions[split].first = Int32(split + 1)
            program.instructions[split].second = nextIndex
        }
        for jump in jumps { program.instructions[jump].first = nextIndex }
        try append(PatternInstruction(operation: isNegative ? .lookNotEnd : .lookEnd))
        program.instructions[look].first = nextIndex
    }
}
