import Dispatch
import MartletChat
import MartletJSON
import OrderedCollections

/// Where large prompts are encoded, so that they do not hold threads of the cooperative pool.
enum PreparationQueue {
    private static let queue = DispatchQueue(
        label: "martlet.preparation", qos: .userInitiated, attributes: .concurrent)

    /// Up to this many bytes are encoded at once, in about a millisecond.
    private static let smallSize = 4096

    /// Runs `body` here if the work is small, and on the queue if it is not.
    static func run<Result: Sendable>(
        size: Int, _ body: @escaping @Sendable () throws(EngineError) -> Result
    ) async throws(EngineError) -> Result {
        guard size > smallSize else { return try body() }
        let result: Swift.Result<Result, EngineError> = await withCheckedContinuation { waiter in
            queue.async {
                do throws(EngineError) {
                    waiter.resume(returning: .success(try body()))
                } catch {
                    waiter.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

extension Prompt {
    /// Bytes of text to encode, roughly.
    var approximateSize: Int {
        switch content {
        case .tokens: 0
        case .text(let text, _): text.utf8.count
        case .chat(let prompt, _, _): prompt.messages.reduce(0) { $0 + $1.textByteCount }
        }
    }
}

extension JSONValue {
    /// Bytes of all strings in the value.
    fileprivate var textByteCount: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(0) { $0 + $1.textByteCount }
        case .object(let members): members.values.reduce(0) { $0 + $1.textByteCount }
        default: 0
        }
    }
}
