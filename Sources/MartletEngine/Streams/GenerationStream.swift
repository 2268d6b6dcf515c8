/// The output of one request, piece by piece.
///
/// Cancelling the task that reads, calling ``cancel()``, or letting go of the stream before its
/// end cancels the request: its memory is free again at the next step.
public struct GenerationStream: AsyncSequence, Sendable {
    /// A piece of the output.
    public typealias Element = GenerationOutput

    /// The prompt as the model sees it.
    public let promptTokenIDs: [Int32]
    /// How many completions there will be: the request's `n`.
    public let completionCount: Int
    /// The conversation as the chat template rendered it; nil for other prompts.
    package let promptText: String?
    let handle: StreamHandle

    init(prepared: PreparedRequest, handle: StreamHandle) {
        promptTokenIDs = prepared.promptTokens
        promptText = prepared.promptText
        completionCount = prepared.sampling.n
        self.handle = handle
    }

    /// Ends the request at the next step. The stream then ends with
    /// ``FinishReason/abort``, after what was generated before.
    public func cancel() {
        handle.cancel(.cancel)
    }

    /// Ends the request because its client has gone.
    package func disconnect() {
        handle.cancel(.disconnect)
    }

    /// Calls back if the request ends because its output is read too slowly: who is stuck in
    /// writing it has to be freed. Called on the engine's thread.
    package func whenCut(_ callback: @escaping @Sendable () -> Void) {
        handle.slot.whenCut(callback)
    }

    /// An iterator; one task at a time may read from a stream.
    public func makeAsyncIterator() -> Iterator {
        Iterator(handle: handle)
    }

    /// Reads a stream.
    public struct Iterator: AsyncIteratorProtocol {
        private let handle: StreamHandle
        private var buffer: ArraySlice<GenerationOutput> = []

        init(handle: StreamHandle) {
            self.handle = handle
        }

        /// Waits for the next piece; nil at the end.
        ///
        /// - Throws: ``EngineError`` when the engine could not finish the request, and
        ///   `CancellationError` when the task is cancelled.
        public mutating func next() async throws -> GenerationOutput? {
            if buffer.isEmpty {
                switch await handle.slot.next() {
                case .outputs(let outputs): buffer = outputs[...]
                case .finished: return nil
                case .failed(let error): throw error
                case .cancelled:
                    handle.cancel(.disconnect)
                    throw CancellationError()
                }
            }
            let next = buffer.popFirst()
            // What has been handed out is not to be kept until more comes.
            if buffer.isEmpty { buffer = [] }
            return next
        }
    }
}

/// Ties a request's life to the stream that reads it: cancelled when nobody can read any more.
final class StreamHandle: Sendable {
    let slot: OutputSlot
    private let key: RequestKey
    private let current: CurrentRun

    init(slot: OutputSlot, key: RequestKey, current: CurrentRun) {
        self.slot = slot
        self.key = key
        self.current = current
    }

    deinit {
        cancel(.disconnect)
    }

    func cancel(_ cause: CancellationCause) {
        guard !slot.hasEnded else { return }
        slot.noteCancellation(cause)
        current.post { $0.post(.cancel(key, cause)) }
    }
}
