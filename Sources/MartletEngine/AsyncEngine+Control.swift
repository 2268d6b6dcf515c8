import NIOConcurrencyHelpers
import Synchronization

/// What an operator sees of an engine, and can do with it.
extension AsyncEngine {
    /// Where the engine is in its life.
    public var state: EngineState {
        let run = current.run
        let result = run.ready.result
        if case .failure(let error) = result, error.code != .engineStopped {
            return .failed(error)
        }
        let lifecycle = lifecycle.withLockedValue { $0 }
        if lifecycle.isStopped { return .stopped }
        if lifecycle.isDraining { return .draining }
        if lifecycle.isIdle { return .idle }
        guard result != nil else { return .loading(fraction: run.monitor.progress.fraction) }
        if run.ended.result != nil {
            return .failed(EngineError(.stepFailed, "The engine has failed and ended."))
        }
        switch statistics.activity {
        case .running: return .ready
        case .paused: return .paused
        case .sleeping: return .sleeping
        }
    }

    /// Whether the engine lives, judged by the steps that it takes.
    public var health: EngineHealth {
        let run = current.run
        var isReady = false
        if case .success = run.ready.result { isReady = true }
        return EngineHealth(
            run.heartbeat.reading, isReady: isReady, now: clock.now(),
            stepTimeout: configuration.stepTimeout)
    }

    /// The engine's counters and gauges after its latest step.
    public var statistics: EngineStatistics { current.run.statistics.latest }

    /// What metrics tell of the engine beside its ``metrics``.
    public var gauges: EngineGauges {
        let run = current.run
        var gauges = EngineGauges(run.statistics.latest)
        guard case .success(let model) = run.ready.result else { return gauges }
        let information = model.information
        gauges.weightByteCount = gauges.isAsleep ? 0 : information.weightByteCount
        gauges.cacheByteCount = gauges.isAsleep ? 0 : information.cacheByteCount
        gauges.maximumModelLength = information.maximumModelLength
        gauges.blockSize = information.blockSize
        gauges.blockCount = information.blockCount
        gauges.prefixStore = model.prefixStore?.statistics
        gauges.cacheConfiguration = [
            "cache_dtype": information.cacheDType,
            "enable_prefix_caching": configuration.enablesPrefixCaching ? "True" : "False",
        ]
        return gauges
    }

    /// Number of requests that are admitted and not finished.
    public var openRequestCount: Int { gate.openCount }

    /// Whether the next request would be refused.
    public var isOverloaded: Bool { gate.isFull }

    /// The engine's events from now on. A reader that is too slow loses the oldest.
    ///
    /// - Parameter capacity: How many events wait for the reader at most.
    public func events(capacity: Int = 1024) -> EngineEventSequence {
        broadcast.events(capacity: capacity)
    }

    /// Forgets every cached prefix that no running request uses.
    ///
    /// - Returns: Whether the whole cache could be forgotten.
    /// - Throws: ``EngineError`` when the engine does not run.
    public func resetPrefixCache() async throws -> Bool {
        try await ask { .resetPrefixCache($0) }
    }

    /// Ends open requests with ``FinishReason/abort``.
    ///
    /// - Parameter requestIDs: Their ``GenerationRequest/requestID``s; none stands for all.
    /// - Returns: How many there were.
    public func abort(requestIDs: Set<String> = []) async throws -> Int {
        try await ask { .abort(requestIDs: requestIDs, $0) }
    }

    /// Stops taking steps; requests that come in wait.
    ///
    /// - Parameter mode: What becomes of the open requests. Returns once no step will follow.
    public func pause(_ mode: PauseMode = .abort) async throws {
        try await ask { .pause(mode, $0) }.requireDone()
    }

    /// Takes steps again after ``pause(_:)``.
    public func resume() async throws {
        _ = try await ask { .resume($0) } as Bool
    }

    /// Stops taking steps and gives the memory of weights and KV cache back to the system.
    ///
    /// New requests are refused with ``EngineError/Code/sleeping`` until ``wakeUp()``.
    ///
    /// - Parameter mode: What becomes of the open requests; kept ones go on after waking up.
    public func sleep(_ mode: PauseMode = .abort) async throws {
        try await ask { .sleep(mode, $0) }.requireDone()
    }

    /// Loads the weights again after ``sleep(_:)``, and goes on.
    public func wakeUp() async throws {
        _ = try await ask { .wake($0) } as Bool
    }

    private func ask<Answer: Sendable>(
        _ command: (OneShot<Answer>) -> EngineCommand
    ) async throws -> Answer {
        _ = try await model
        let answer = OneShot<Answer>()
        let key = nextKey.add(1, ordering: .relaxed).newValue
        let isAsked = current.post { run in
            run.ask(command(answer), question: key) {
                let message = "The engine was stuck and has been restarted; ask again."
                answer.fulfil(.failure(EngineError(.stepFailed, message)))
            }
        }
        guard isAsked else { throw EngineError(.engineStopped, "The engine is stopped.") }
        defer { current.run.close(question: key) }
        return try await answer.value()
    }
}

extension Bool {
    /// - Throws: ``EngineError`` where another command, or the engine's end, came in between.
    fileprivate func requireDone() throws(EngineError) {
        guard self else {
            throw EngineError(.engineStopped, "The engine was resumed or stopped meanwhile.")
        }
    }
}
