package import MartletScheduling
package import MartletTensor

/// Why a step cannot run. Nothing has been computed and no cache memory has been touched.
package enum ExecutorError: Error, Equatable, Sendable {
    /// A token id that is not in the vocabulary.
    case tokenOutOfVocabulary(SequenceID, token: Int32, vocabularySize: Int)
    /// Positions that the model was not made for.
    case positionOutOfRange(SequenceID, position: Int, maximumPositionCount: Int)
    /// A block table that does not cover the sequence's positions, or names blocks that do not
    /// exist.
    case invalidBlockTable(SequenceID, reason: String)
    /// A sequence without tokens.
    case noTokens(SequenceID)
    /// More tokens than the runner was made for.
    case batchTooLarge(tokenCount: Int, maximumTokenCount: Int)
    /// A size that the runner cannot be made with.
    case invalidConfiguration(String)
    /// The KV cache cannot be had.
    case cache(TensorError)
}

extension ExecutorError {
    /// The sequence that is at fault, where one is.
    package var sequence: SequenceID? {
        switch self {
        case .tokenOutOfVocabulary(let id, _, _), .positionOutOfRange(let id, _, _),
            .invalidBlockTable(let id, _), .noTokens(let id):
            id
        case .batchTooLarge, .invalidConfiguration, .cache: nil
        }
    }
}

extension ExecutorError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tokenOutOfVocabulary(let id, let token, let size):
            "\(id): token \(token) is not in the vocabulary of \(size)"
        case .positionOutOfRange(let id, let position, let count):
            "\(id): position \(position) is beyond the model's \(count) positions"
        case .invalidBlockTable(let id, let reason):
            "\(id): invalid block table: \(reason)"
        case .noTokens(let id):
            "\(id): scheduled without tokens"
        case .batchTooLarge(let count, let maximum):
            "\(count) tokens in a step for at most \(maximum)"
        case .invalidConfiguration(let reason):
            reason
        case .cache(let error):
            "the KV cache cannot be allocated: \(error)"
        }
    }
}
