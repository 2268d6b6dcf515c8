import Dispatch
import NIOConcurrencyHelpers

/// The place where one request's output waits for its reader.
///
/// The engine merges what a slow reader has not taken yet and never waits; the reader awaits. What
/// waits is bounded in size and in time: a reader beyond either is cut. A reader that is woken comes
/// and takes what there is. This is the only place that wakes a reader, and it does so by a change
/// of state under the lock: a reader is taken out by whoever wakes it.
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

    /// One who waits, and will look again when woken.
    private enum Reader {
        /// Resumed with false to say that there is another reader.
        case task(CheckedContinuation<Bool, Never>)
        case thread(DispatchSemaphore)

        func wake() {
            switch self {
            case .task(let continuation): continuation.resume(returning: true)
            case .thread(let semaphore): semaphore.signal()
            }
        }
    }

    private struct State {
        var pending = PendingOutput()
        var pendingByteCount = 0
        /// When the oldest of it came.
        var pendingSince: Instant?
        var reader: Reader?
        var ending: Ending?
        /// Whether the end may be seen.
        var showsEnd = false
        var isCut = false
        var cancellation: CancellationCause?
        var onCut: [@Sendable () -> Void] = []

        /// Whether a reader need not wait.
        var hasNews: Bool { !pending.isEmpty || showsEnd }

        /// Takes what there is for a reader; nil when it has to wait.
        mutating func take() -> Delivery? {
            if !pending.isEmpty {
                defer { clear() }
                return .outputs(pending.take())
            }
            switch ending {
            case .finished where showsEnd: return .finished
            case .failed(let error) where showsEnd: return .failed(error)
            default: return nil
            }
        }

        mutating func takeReader() -> Reader? {
            defer { reader = nil }
            return reader
        }

        private mutating func clear() {
            pendingByteCount = 0
            pendingSince = nil
        }

        /// Forgets what nobody will take.
        mutating func drop() {
            pending = PendingOutput()
            clear()
        }
    }

    private let state = NIOLockedValueBox(State())
    private let limits: Limits

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    // MARK: Producer

    /// Adds to a completion's piece without waking the reader.
    ///
    /// - Returns: False where the reader is too far behind and has to be cut.
    @discardableResult
    func merge(_ delta: OutputDelta, now: Instant) -> Bool {
        state.withLockedValue { state in
            guard state.ending == nil else { return true }
            state.pending.append(delta)
            state.pendingByteCount += delta.approximateByteCount
            let since = state.pendingSince ?? now
            state.pendingSince = since
            return state.pendingByteCount <= limits.byteCount && now - since <= limits.stall
        }
    }

    /// Marks the end, which readers see from ``showEnd()`` on; only the first end counts. Pieces
    /// before it are still delivered.
    func markEnd(throwing error: EngineError? = nil) {
        state.withLockedValue { state in
            if state.ending == nil { state.ending = error.map(Ending.failed) ?? .finished }
        }
    }

    /// Marks the end, shows it and wakes the reader.
    func finish(throwing error: EngineError? = nil) {
        markEnd(throwing: error)
        showEnd()
        wakeReader()
    }

    /// Marks the end of a reader that is too slow, as ``markEnd(throwing:)``: what it has not taken
    /// is dropped.
    func cut(throwing error: EngineError) {
        let callbacks = state.withLockedValue { state in
            guard state.ending == nil else { return [@Sendable () -> Void]() }
            state.ending = .failed(error)
            state.isCut = true
            state.drop()
            defer { state.onCut = [] }
            return state.onCut
        }
        for callback in callbacks { callback() }
    }

    /// Lets readers see an end that has been marked.
    func showEnd() {
        state.withLockedValue { $0.showsEnd = $0.ending != nil }
    }

    /// Wakes the reader if there is something for it.
    func wakeReader() {
        state.withLockedValue { $0.hasNews ? $0.takeReader() : nil }?.wake()
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
        while true {
            if Task.isCancelled { return .cancelled }
            if let delivery = take() { return delivery }
            guard await wait() else { return Self.refusal }
        }
    }

    /// As ``next()``, for threads without a task: holds the calling one.
    func nextBlocking() -> Delivery {
        while true {
            if let delivery = take() { return delivery }
            let semaphore = DispatchSemaphore(value: 0)
            switch enter(.thread(semaphore)) {
            case .waits: semaphore.wait()
            case .isNeedless: break
            case .isRefused: return Self.refusal
            }
        }
    }

    private static var refusal: Delivery {
        .failed(EngineError(.invalidRequest, "Two tasks read from one stream."))
    }

    private func take() -> Delivery? { state.withLockedValue { $0.take() } }

    /// Waits until there may be something to take.
    ///
    /// - Returns: False where another task waits already.
    private func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                switch enter(.task(continuation)) {
                case .waits: break
                case .isNeedless: continuation.resume(returning: true)
                case .isRefused: continuation.resume(returning: false)
                }
            }
        } onCancel: {
            state.withLockedValue { $0.takeReader() }?.wake()
        }
    }

    private enum Entrance {
        case waits, isNeedless, isRefused
    }

    /// Leaves a way to wake the reader, unless there is something for it.
    private func enter(_ reader: Reader) -> Entrance {
        state.withLockedValue { state in
            // The cancellation handler may have run before this; the check comes under the lock so
            // that one of the two always sees the other.
            if state.hasNews { return .isNeedless }
            if case .task = reader, Task.isCancelled { return .isNeedless }
            guard state.reader == nil else { return .isRefused }
            state.reader = reader
            return .waits
        }
    }
}
