import NIOConcurrencyHelpers
import Synchronization

/// Requests, from the caller to the core.
extension AsyncEngine {
    /// The loaded model; waits while it is loading.
    package var model: ServedModel {
        get async throws { try await readyModel().value() }
    }

    /// What is set once the model is loaded.
    func readyModel() throws(EngineError) -> OneShot<ServedModel> {
        if lifecycle.withLockedValue({ $0.isIdle }) {
            throw EngineError(.engineStopped, "The engine is not started.")
        }
        return current.run.ready
    }

    /// Reserves a place for a request that has not been read yet; ``GenerationRequest/ticket``
    /// takes it.
    ///
    /// - Throws: ``EngineError/Code/overloaded``, with the time after which to retry, or why the
    ///   engine admits nothing at all.
    package func reserve() throws(EngineError) -> AdmissionTicket {
        try lifecycle.withLockedValue { $0 }.requireAdmitting()
        guard statistics.activity != .sleeping else {
            throw EngineError(.sleeping, "The model sleeps; wake it up first.")
        }
        return try gate.reserve()
    }

    /// Admits a request; its output arrives in the stream.
    ///
    /// - Throws: ``EngineError`` when the request is wrong or the engine does not admit;
    ///   `CancellationError` when the task is cancelled while the model is still loading.
    public func generate(_ request: GenerationRequest) async throws -> GenerationStream {
        let entry = try enter(request)
        do {
            let model = try await model
            // Reading from disk takes as long as it takes.
            let size = model.prefixStore == nil ? request.prompt.approximateSize : .max
            let prepared = try await PreparationQueue.run(size: size) { () throws(EngineError) in
                try self.prepare(request, for: model)
            }
            return try admit(prepared, of: request, by: entry)
        } catch {
            entry.ticket.end()
            throw error
        }
    }

    /// A request's place, and when it came.
    struct Entry {
        let ticket: AdmissionTicket
        let arrival: ContinuousClock.Instant
    }

    func enter(_ request: GenerationRequest) throws(EngineError) -> Entry {
        let arrival = clock.now() - request.earlierWait
        let reserved = request.ticket.flatMap { $0.belongs(to: gate) ? $0 : nil }
        let ticket = if let reserved { reserved } else { try reserve() }
        try lifecycle.withLockedValue { $0 }.requireAdmitting()
        return Entry(ticket: ticket, arrival: arrival)
    }

    /// Encodes and checks a request; holds the thread for as long as that takes.
    func prepare(
        _ request: GenerationRequest, for model: ServedModel
    ) throws(EngineError) -> PreparedRequest {
        var prepared = try RequestPreparation(model: model).prepare(request)
        prepared.storedBlocks = fetches.fetch(for: prepared, from: model.prefixStore)
        return prepared
    }

    func admit(
        _ prepared: PreparedRequest, of request: GenerationRequest, by entry: Entry
    ) throws(EngineError) -> GenerationStream {
        try entry.ticket.enqueue(tokenCount: prepared.promptTokens.count)
        let key = RequestKey(rawValue: nextKey.add(1, ordering: .relaxed).newValue)
        let slot = OutputSlot(
            limits: OutputSlot.Limits(
                byteCount: configuration.maximumUnreadByteCount,
                stall: configuration.readerTimeout))
        let queueTimeout = [request.queueTimeout, configuration.queueTimeout].least
        let timeout = [request.timeout, configuration.requestTimeout].least
        let admitted = AdmittedRequest(
            key: key, prepared: prepared, slot: slot, ticket: entry.ticket,
            arrival: entry.arrival, queueDeadline: queueTimeout.map { entry.arrival + $0 },
            deadline: timeout.map { entry.arrival + $0 },
            randomSeed: configuration.seed.map { $0 &+ key.rawValue } ?? .random(in: 0 ... .max))
        guard current.post({ $0.submit(admitted) }) else {
            throw EngineError(.engineStopped, "The engine is stopped.")
        }
        return GenerationStream(
            prepared: prepared, handle: StreamHandle(slot: slot, key: key, current: current))
    }
}

extension [Duration?] {
    /// The shortest of those that are set.
    fileprivate var least: Duration? { compactMap { $0 }.min() }
}
