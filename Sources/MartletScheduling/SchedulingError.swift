/// Why a sequence cannot be scheduled at all, now or later.
package enum SchedulingError: Error, Hashable, Sendable {
    case duplicateSequence(SequenceID)
    case emptyPrompt(SequenceID)
    /// The prompt is longer than the model's context.
    case promptTooLong(SequenceID, tokenCount: Int, maximumTokenCount: Int)
    /// The prompt needs more KV blocks than exist, even with everyone else gone.
    case promptExceedsCache(SequenceID, blockCount: Int, availableBlockCount: Int)
}

extension SchedulingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .duplicateSequence(let id):
            "\(id) was already added and has not finished"
        case .emptyPrompt(let id):
            "\(id) has an empty prompt"
        case .promptTooLong(let id, let tokenCount, let maximum):
            "\(id) has a prompt of \(tokenCount) tokens; the model takes at most \(maximum)"
        case .promptExceedsCache(let id, let blockCount, let available):
            "\(id) has a prompt of \(blockCount) KV blocks; the cache has only \(available)"
        }
    }
}
