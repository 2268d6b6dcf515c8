import MartletScheduling
import MartletTensor

/// A scheduled batch, checked and laid out in rows. Its memory is used again in every step.
struct StepPlan {
    private(set) var tokens: [Int32] = []
    private(set) var attention: AttentionBatch
    /// The rows whose logits are wanted, ascending.
    private(set) var wantedRows: [Int] = []
    /// What each of them is.
    private(set) var meanings: [StepLogits.Row] = []
    private let limits: Limits

    /// What a batch must keep within.
    struct Limits {
        let vocabularySize: Int
        let maximumPositionCount: Int
        let blockCount: Int
        let blockSize: Int
        let maximumTokenCount: Int
    }

    /// The plan of an empty batch.
    init(limits: Limits) {
        self.limits = limits
        attention = AttentionBatch(blockSize: limits.blockSize)
    }

    /// Makes the plan that of an empty batch, in the memory that it has.
    mutating func removeAll() {
        tokens.removeAll(keepingCapacity: true)
        attention.removeAll()
        wantedRows.removeAll(keepingCapacity: true)
        meanings.removeAll(keepingCapacity: true)
    }

    /// Lays out `batch` in place of the one before it.
    mutating func lay(out batch: ScheduledBatch) throws(ExecutorError) {
        removeAll()
        let tokenCount = batch.sequences.reduce(0) { $0 + $1.tokens.count }
        guard tokenCount <= limits.maximumTokenCount else {
            throw .batchTooLarge(
                tokenCount: tokenCount, maximumTokenCount: limits.maximumTokenCount)
        }
        for (index, sequence) in batch.sequences.enumerated() {
            try check(sequence)
            append(sequence, at: index)
        }
    }

    /// Adds the rows of the batch's sequence `index`.
    private mutating func append(_ sequence: ScheduledSequence, at index: Int) {
        let firstRow = tokens.count
        attention.append(
            AttentionBatch.Entry(
                firstRow: firstRow, rowCount: sequence.tokens.count,
                startPosition: sequence.startPosition, blockTable: sequence.blockTable))
        tokens.append(contentsOf: sequence.tokens)
        if sequence.wantsPromptLogprobs {
            for offset in 0..<sequence.tokens.count - (sequence.samples ? 1 : 0) {
                let kind = StepLogits.Row.Kind.prompt(position: sequence.startPosition + offset)
                want(firstRow + offset, .init(sequenceIndex: index, kind: kind))
            }
        }
        if sequence.samples {
            want(tokens.count - 1, .init(sequenceIndex: index, kind: .sample))
        }
    }

    private mutating func want(_ row: Int, _ meaning: StepLogits.Row) {
        wantedRows.append(row)
        meanings.append(meaning)
    }

    private func check(_ sequence: ScheduledSequence) throws(ExecutorError) {
        let id = sequence.id
        guard !sequence.tokens.isEmpty else { throw .noTokens(id) }
        let lastPosition = sequence.startPosition + sequence.tokens.count - 1
        guard sequence.startPosition >= 0, lastPosition < limits.maximumPositionCount else {
            throw .positionOutOfRange(
                id, position: sequence.startPosition < 0 ? sequence.startPosition : lastPosition,
                maximumPositionCount: limits.maximumPositionCount)
        }
        for token in sequence.tokens where token < 0 || token >= limits.vocabularySize {
            throw .tokenOutOfVocabulary(id, token: token, vocabularySize: limits.vocabularySize)
        }
        let neededBlockCount = lastPosition / limits.blockSize + 1
        guard sequence.blockTable.count >= neededBlockCount else {
            throw .invalidBlockTable(
                id,
                reason: "\(sequence.blockTable.count) blocks where \(neededBlockCount) are needed")
        }
        for block in sequence.blockTable where block < 0 || block >= limits.blockCount {
            throw .invalidBlockTable(id, reason: "no block \(block) of \(limits.blockCount)")
        }
    }
}
