import NIOConcurrencyHelpers

/// The place where one request's output waits for its reader.
///
/// The engine merges what a slow reader has not taken yet and never waits; the reader awaits.
/// This is the only place that resumes a reader, and it does so by a change of state under the
/// lock: a continuation is taken out by whoever resumes it.
final class OutputSlot: Sendable {
    /// What a reader finds.
    enum Delivery: Sendable {
        case outputs([GenerationOutput])
        case finished
        case failed(EngineError)
        case cancelled
    }

    private enum Ending {
        case finished
        case failed(EngineError)
    }

    private struct State {
        /// At most one merged piece for each completion.
        var pending: [GenerationOutput] = []
        var reader: CheckedContinuation<Delivery, Never>?
        var ending: Ending?

        /// Takes what there is for a reader; nil when it has to wait.
        mutating func take() -> Delivery? {
            if !pending.isEmpty {
                defer { pending = [] }
                return .outputs(pending)
            }
            switch ending {
            case .finished: return .finished
            case .failed(let error): return .failed(error)
            case nil: return nil
            }
        }
    }

    private let state = NIOLockedValueBox(State())
    private let onEnd: @Sendable () -> Void

    /// - Parameter onEnd: Called once, when the end is marked.
    init(onEnd: @escaping @Sendable () -> Void = {}) {
        self.onEnd = onEnd
    }

    // MARK: Producer

    /// Adds a piece without waking the reader.
    func merge(_ output: GenerationOutput) {
        state.withLockedValue { state in
            guard state.ending == nil else { return }
            if let index = state.pending.firstIndex(where: { $0.index == output.index }) {
                state.pending[index].merge(output)
            } else {
                state.pending.append(output)
            }
        }
    }

    /// Marks the end; only the first end counts. Pieces before it are still delivered.
    func finish(throwing error: EngineError? = nil) {
        let isFirst = state.withLockedValue { state in
            guard state.ending == nil else { return false }
            state.ending = error.map(Ending.failed) ?? .finished
            return true
        }
        guard isFirst else { return }
        onEnd()
        publish()
    }

    /// Wakes the reader if it waits and there is something for it.
    func publish() {
        let wake: (CheckedContinuation<Delivery, Never>, Delivery)? = state.withLockedValue {
            state in
            guard let reader = state.reader, let delivery = state.take() else { return nil }
            state.reader = nil
            return (reader, delivery)
        }
        if let (reader, delivery) = wake { reader.resume(returning: delivery) }
    }

    /// Whether the end has been marked.
    var hasEnded: Bool { state.withLockedValue { $0.ending != nil } }

    // MARK: Reader

    /// Waits for the next pieces. One task at a time may read; a second one is refused.
    func next() async -> Delivery {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let delivery: Delivery? = state.withLockedValue { state in
                    if Task.isCancelled { return .cancelled }
                    if let delivery = state.take() { return delivery }
                    guard state.reader == nil else {
                        return .failed(
                            EngineError(.invalidRequest, "Two tasks read from one stream."))
                    }
                    state.reader = continuation
                    return nil
                }
                if let delivery { continuation.resume(returning: delivery) }
            }
        } onCancel: {
            let reader = state.withLockedValue { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: .cancelled)
        }
    }
}
