import NIOConcurrencyHelpers

/// The place where one request's output waits for its reader.
///
/// The engine merges what a slow reader has not taken yet and never waits; the reader awaits. What
/// waits is bounded in size and in time: a reader beyond either is cut. This is the only place that
/// resumes a reader, and it does so by a change of state under the lock: a reader is taken out by
/// whoever resumes it.
final class OutputSlot: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How far a reader may fall behind.
    struct Limits: Hashable, Sendable {
        /// The most bytes that wait.
        var byteCount = Int.max
        /// How long anything may wait.
        var stall = Duration.seconds(1 << 40)
    }

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
        var pendingByteCount = 0
        /// When the oldest of them came.
        var pendingSince: Instant?
        /// Resumes whoever waits.
        var reader: (@Sendable (Delivery) -> Void)?
        var ending: Ending?
        /// Whether the end may be seen.
        var isEndPublished = false
        var isCut = false
        var cancellation: CancellationCause?
        var onCut: [@Sendable () -> Void] = []

        /// Takes what there is for a reader; nil when it has to wait.
        mutating func take() -> Delivery? {
            if !pending.isEmpty {
                defer { clear() }
                return .outputs(pending)
            }
            switch ending {
            case .finished where isEndPublished: return .finished
            case .failed(let error) where isEndPublished: return .failed(error)
            default: return nil
            }
        }

        mutating func clear() {
            pending = []
            pendingByteCount = 0
            pendingSince = nil
        }
    }

    private let state = NIOLockedValueBox(State())
    private let limits: Limits

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    // MARK: Producer

    /// Adds a piece without waking the reader.
    ///
    /// - Returns: False where the reader is too far behind and has to be cut.
    @discardableResult
    func merge(_ output: GenerationOutput, now: Instant) -> Bool {
        state.withLockedValue { state in
            guard state.ending == nil else { return true }
            if let index = state.pending.firstIndex(where: { $0.index == output.index }) {
                state.pending[index].merge(output)
            } else {
                state.pending.append(output)
            }
            state.pendingByteCount += output.approximateByteCount
            let since = state.pendingSince ?? now
            state.pendingSince = since
            return state.pendingByteCount <= limits.byteCount && now - since <= limits.stall
        }
    }

    /// Marks the end, which readers see from ``publish()`` on; only the first end counts. Pieces
    /// before it are still delivered.
    func markEnd(throwing error: EngineError? = nil) {
        state.withLockedValue { state in
            if state.ending == nil { state.ending = error.map(Ending.failed) ?? .finished }
        }
    }

    /// Marks the end and wakes the reader.
    func finish(throwing error: EngineError? = nil) {
        markEnd(throwing: error)
        publish()
    }

    /// Ends the request of a reader that is too slow: what it has not taken is dropped.
    func cut(throwing error: EngineError) {
        let callbacks = state.withLockedValue { state in
            guard state.ending == nil else { return [@Sendable () -> Void]() }
            state.ending = .failed(error)
            state.isCut = true
            state.clear()
            defer { state.onCut = [] }
            return state.onCut
        }
        for callback in callbacks { callback() }
        publish()
    }

    /// Shows an end that has been marked, and wakes the reader if there is something for it.
    func publish() {
        let wake: (@Sendable (Delivery) -> Void, Delivery)? = state.withLockedValue { state in
            state.isEndPublished = state.ending != nil
            guard let reader = state.reader, let delivery = state.take() else { return nil }
            state.reader = nil
            return (reader, delivery)
        }
        if let (reader, delivery) = wake { reader(delivery) }
    }

    /// Notes that nobody wants the output any more, for a core that hears of the request only
    /// afterwards.
    func noteCancellation(_ cause: CancellationCause) {
        state.withLockedValue { $0.cancellation = cause }
    }

    /// Why nobody wants the output any more, if that is so.
    var cancellation: CancellationCause? { state.withLockedValue(\.cancellation) }

    /// Whether the end has been marked.
    var hasEnded: Bool { state.withLockedValue { $0.ending != nil } }

    // MARK: Reader

    /// Calls back if the reader is cut, on the engine's thread; at once where it has been.
    func whenCut(_ callback: @escaping @Sendable () -> Void) {
        let isCut = state.withLockedValue { state in
            if state.ending == nil { state.onCut.append(callback) }
            return state.isCut
        }
        if isCut { callback() }
    }

    /// Waits for the next pieces. One task at a time may read; a second one is refused.
    func next() async -> Delivery {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let delivery = wait(isCancelled: Task.isCancelled) {
                    continuation.resume(returning: $0)
                }
                if let delivery { continuation.resume(returning: delivery) }
            }
        } onCancel: {
            let reader = state.withLockedValue { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?(.cancelled)
        }
    }

    /// As ``next()``, for threads without a task: holds the calling one.
    func nextBlocking() -> Delivery {
        let answer = OneShot<Delivery>()
        if let delivery = wait(isCancelled: false, resume: { answer.fulfil(.success($0)) }) {
            return delivery
        }
        return answer.blockingResult().success ?? .cancelled
    }

    /// Takes what there is, or leaves a way to resume the reader.
    private func wait(
        isCancelled: Bool, resume: @escaping @Sendable (Delivery) -> Void
    ) -> Delivery? {
        state.withLockedValue { state in
            if isCancelled { return .cancelled }
            if let delivery = state.take() { return delivery }
            guard state.reader == nil else {
                return .failed(EngineError(.invalidRequest, "Two tasks read from one stream."))
            }
            state.reader = resume
            return nil
        }
    }
}

extension GenerationOutput {
    /// Bytes that the piece takes in memory, roughly.
    var approximateByteCount: Int {
        let logprobCount = (logprobs + promptLogprobs).reduce(0) { $0 + 1 + $1.top.count }
        return 64 + text.utf8.count + tokenIDs.count * 4 + logprobCount * 16
    }
}
