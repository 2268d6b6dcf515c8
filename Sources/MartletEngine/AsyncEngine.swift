public import Logging
import MartletSampling
import NIOConcurrencyHelpers
import Synchronization

/// An asynchronous inference engine for one model: any task, thread or event loop may call it.
///
/// Creating an engine loads nothing and ties nothing to its creator. ``start(progress:)`` loads
/// the model on a thread of the engine's own, where every step runs as well; ``stop()`` ends it.
/// An engine that nobody holds any more ends by itself.
///
/// ```swift
/// try await AsyncEngine.withEngine(configuration: .init(model: directory)) { engine in
///     for try await output in try await engine.generate(.init(prompt: "Hello")) {
///         print(output.text, terminator: "")
///     }
/// }
/// ```
public final class AsyncEngine: Sendable {
    /// What the engine runs, and within which bounds.
    public let configuration: AsyncEngineConfiguration
    let logger: Logger
    private let load: @Sendable (LoadingMonitor) throws -> EngineParts
    private let lifecycle = NIOLockedValueBox(EngineLifecycle())
    private let monitor = LoadingMonitor()
    private let ready = OneShot<ServedModel>()
    private let ended = OneShot<Bool>()
    private let mailbox = Mailbox()
    private let box = StatisticsBox()
    private let open = OpenRequestCounter()
    private let nextKey = Atomic<UInt64>(0)

    /// An engine that will run `configuration`'s model.
    public convenience init(
        configuration: AsyncEngineConfiguration, logger: Logger = Logger(label: "martlet")
    ) {
        self.init(configuration: configuration, logger: logger) { monitor in
            try ModelLoader(configuration: configuration, logger: logger, monitor: monitor).load()
        }
    }

    /// An engine on parts of the caller's making; `load` runs on the engine's thread.
    package init(
        configuration: AsyncEngineConfiguration, logger: Logger,
        load: @escaping @Sendable (LoadingMonitor) throws -> EngineParts
    ) {
        self.configuration = configuration
        self.logger = logger
        self.load = load
    }

    deinit {
        monitor.cancel()
        mailbox.close()
    }

    // MARK: Life

    /// Loads the model and begins to serve. Later and concurrent calls join the first one.
    ///
    /// - Parameter progress: Called on the engine's thread while weights are loaded.
    /// - Throws: ``EngineError`` when the model cannot be loaded or the engine is stopped;
    ///   `CancellationError` when the waiting task is cancelled, which does not end the loading:
    ///   ``stop()`` does.
    public func start(
        progress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) async throws {
        let launches = lifecycle.withLockedValue { lifecycle in
            Result { () throws(EngineError) in try lifecycle.start() }
        }
        if try launches.get() {
            monitor.observe(progress)
            launch()
        }
        _ = try await ready.value()
    }

    private func launch() {
        let (load, monitor, ready, ended) = (load, monitor, ready, ended)
        let (mailbox, box) = (mailbox, box)
        do {
            try EngineThread.start {
                defer { ended.fulfil(.success(true)) }
                do {
                    let parts = try load(monitor)
                    let core = EngineCore(parts: parts, mailbox: mailbox, published: box)
                    ready.fulfil(.success(parts.model))
                    core.run()
                } catch {
                    mailbox.close()
                    ready.fulfil(.failure(EngineError(loading: error)))
                }
            }
        } catch {
            ready.fulfil(.failure(error))
            ended.fulfil(.success(true))
        }
    }

    /// Ends the engine: every open request ends with ``FinishReason/abort``, and later calls
    /// throw ``EngineError/Code/engineStopped``. Returns when the engine's thread has ended; any
    /// number of callers may stop an engine, at any time.
    public func stop() async {
        let launched = lifecycle.withLockedValue { $0.stop() }
        monitor.cancel()
        mailbox.close()
        ready.fulfil(.failure(EngineError(.engineStopped, "The engine is stopped.")))
        guard launched else { return }
        // A cancelled caller still gets what it asked for: an engine whose thread has ended.
        let ended = ended
        await withCheckedContinuation { continuation in
            ended.whenFulfilled { continuation.resume() }
        }
    }

    /// Admits no further requests and waits until the open ones are done.
    ///
    /// - Parameter timeout: How long to wait at most; what is open then stays open.
    /// - Returns: Whether every request is done.
    @discardableResult
    public func drain(timeout: Duration) async -> Bool {
        lifecycle.withLockedValue { $0.drain() }
        return await open.waitUntilNone(timeout: timeout)
    }

    /// Where the engine is in its life.
    public var state: EngineState {
        if case .failure(let error) = ready.result, error.code != .engineStopped {
            return .failed(error)
        }
        return lifecycle.withLockedValue { lifecycle in
            if lifecycle.isStopped { return .stopped }
            if lifecycle.isDraining { return .draining }
            if lifecycle.isIdle { return .idle }
            return ready.result == nil ? .loading(fraction: monitor.progress.fraction) : .ready
        }
    }

    /// The engine's counters and gauges after its latest step.
    public var statistics: EngineStatistics { box.latest }

    /// Number of requests that are admitted and not finished.
    public var openRequestCount: Int { open.count }

    // MARK: Requests

    /// The loaded model; waits while it is loading.
    package var model: ServedModel {
        get async throws {
            if lifecycle.withLockedValue({ $0.isIdle }) {
                throw EngineError(.engineStopped, "The engine is not started.")
            }
            return try await ready.value()
        }
    }

    /// Admits a request; its output arrives in the stream.
    ///
    /// - Throws: ``EngineError`` when the request is wrong or the engine does not admit;
    ///   `CancellationError` when the task is cancelled while the model is still loading.
    public func generate(_ request: GenerationRequest) async throws -> GenerationStream {
        try lifecycle.withLockedValue { $0 }.requireAdmitting()
        let model = try await model
        let prepared = try await PreparationQueue.run(size: request.prompt.approximateSize) {
            () throws(EngineError) in
            try RequestPreparation(model: model).prepare(request)
        }
        return try admit(prepared)
    }

    private func admit(_ prepared: PreparedRequest) throws(EngineError) -> GenerationStream {
        let key = RequestKey(rawValue: nextKey.add(1, ordering: .relaxed).newValue)
        let open = open
        open.increment()
        let slot = OutputSlot { open.decrement() }
        let seed = configuration.seed.map { $0 &+ key.rawValue } ?? .random(in: 0 ... .max)
        let request = AdmittedRequest(
            key: key, prepared: prepared, slot: slot, randomSeed: seed)
        guard mailbox.post(.submit(request)) else {
            let error = EngineError(.engineStopped, "The engine is stopped.")
            slot.finish(throwing: error)
            throw error
        }
        return GenerationStream(
            prepared: prepared, handle: StreamHandle(slot: slot, key: key, mailbox: mailbox))
    }

    /// Forgets every cached prefix that no running request uses.
    ///
    /// - Returns: Whether the whole cache could be forgotten.
    /// - Throws: ``EngineError`` when the engine does not run.
    public func resetPrefixCache() async throws -> Bool {
        _ = try await model
        let answer = OneShot<Bool>()
        guard mailbox.post(.resetPrefixCache(answer)) else {
            throw EngineError(.engineStopped, "The engine is stopped.")
        }
        return try await answer.value()
    }
}
