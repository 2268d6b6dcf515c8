import MartletScheduling
import MartletTensor

/// A scheduled batch, checked and laid out in rows.
struct StepPlan {
    let tokens: [Int32]
    let attention: AttentionBatch
    /// The rows whose logits are wanted, ascending, and what they are.
    let logitsRows: [(row: Int, meaning: StepLogits.Row)]

    /// What a batch must keep within.
    struct Limits {
        let vocabularySize: Int
        let maximumPositionCount: Int
        let blockCount: Int
        let blockSize: Int
        let maximumTokenCount: Int
    }

    init(_ batch: ScheduledBatch, _ limits: Limits) throws(ExecutorError) {
        let tokenCount = batch.sequences.reduce(0) { $0 + $1.tokens.count }
        guard tokenCount <= limits.maximumTokenCount else {
            throw .batchTooLarge(
                tokenCount: tokenCount, maximumTokenCount: limits.maximumTokenCount)
        }
        var tokens: [Int32] = []
        var entries: [AttentionBatch.Entry] = []
        var logitsRows: [(row: Int, meaning: StepLogits.Row)] = []
        tokens.reserveCapacity(tokenCount)
        entries.reserveCapacity(batch.sequences.count)
        logitsRows.reserveCapacity(batch.sequences.count)
        for (index, sequence) in batch.sequences.enumerated() {
            try Self.check(sequence, limits)
            let firstRow = tokens.count
            entries.append(
                AttentionBatch.Entry(
                    firstRow: firstRow, rowCount: sequence.tokens.count,
                    startPosition: sequence.startPosition, blockTable: sequence.blockTable))
            tokens += sequence.tokens
            if sequence.wantsPromptLogprobs {
                for offset in 0..<sequence.tokens.count - (sequence.samples ? 1 : 0) {
                    let kind = StepLogits.Row.Kind.prompt(
                        position: sequence.startPosition + offset)
                    logitsRows.append((firstRow + offset, .init(sequenceIndex: index, kind: kind)))
                }
            }
            if sequence.samples {
                logitsRows.append((tokens.count - 1, .init(sequenceIndex: index, kind: .sample)))
            }
        }
        self.tokens = tokens
        self.logitsRows = logitsRows
        attention = AttentionBatch(entries: entries, blockSize: limits.blockSize)
    }

    private static func check(
        _ sequence: ScheduledSequence, _ limits: Limits
    ) throws(ExecutorError) {
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
