import MartletScheduling

/// The ways in which a request ends, each exactly once.
extension EngineCore {
    /// Ends a request for its client's sake; unknown keys have ended already.
    func abort(_ key: RequestKey, cause: CancellationCause) {
        guard requests[key] != nil else { return }
        statistics.finishedCounts[.abort, default: 0] += 1
        finishOpenSequences(of: key, because: .abort)
        close(key, outcome: .cancelled(cause))
    }

    func abortAll(cause: CancellationCause) {
        for key in requests.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            abort(key, cause: cause)
        }
    }

    /// - Parameter ids: None stands for all.
    /// - Returns: How many requests ended.
    func abort(requestIDs ids: Set<String>) -> Int {
        let keys = requests.values.filter { request in
            ids.isEmpty || request.admitted.prepared.requestID.map(ids.contains) ?? false
        }.map(\.key)
        for key in keys { abort(key, cause: .abort) }
        return keys.count
    }

    /// Ends what has waited or run for longer than it may.
    func expire() {
        guard let next = deadlines.next else { return }
        let now = now
        guard next <= now else { return }
        for key in deadlines.takeExpired(now) { expire(key, now: now) }
    }

    private func expire(_ key: RequestKey, now: ContinuousClock.Instant) {
        guard let request = requests[key] else { return }
        if let deadline = request.admitted.deadline, deadline <= now {
            guard request.generatedTokenCount > 0 else {
                let error = EngineError(
                    .deadlineExceeded, "The request's time was over before it had any output.")
                return close(key, throwing: error)
            }
            statistics.finishedCounts[.timeout, default: 0] += 1
            finishOpenSequences(of: key, because: .timeout)
            close(key, outcome: .finished(.timeout))
        } else if !request.hasStarted, let deadline = request.admitted.queueDeadline,
            deadline <= now
        {
            close(key, throwing: request.admitted.ticket.queueTimeout())
        }
    }

    /// Ends a request whose output nobody takes.
    func cut(_ key: RequestKey) {
        guard let request = requests[key] else { return }
        request.slot.cut(
            throwing: EngineError(
                .readerTooSlow, "The output was read too slowly; the request has ended."))
        statistics.finishedCounts[.abort, default: 0] += 1
        close(key, outcome: .cancelled(.slowReader))
    }

    private func finishOpenSequences(of key: RequestKey, because reason: FinishReason) {
        guard let request = requests[key] else { return }
        let indices =
            request.openSequences.isEmpty
            ? Array(0..<request.admitted.prepared.sampling.n)
            : request.openSequences.compactMap { sequences[$0]?.index }.sorted()
        for index in indices {
            var delta = OutputDelta(index: index)
            delta.finishReason = reason
            request.slot.merge(delta, now: now)
        }
    }

    func close(_ key: RequestKey, throwing error: EngineError) {
        close(key, outcome: .failed(error.code), error: error)
    }

    /// Forgets a request and frees what its sequences hold.
    func close(_ key: RequestKey, outcome: RequestOutcome, error: EngineError? = nil) {
        guard let request = requests.removeValue(forKey: key) else { return }
        for id in request.openSequences {
            scheduler.finish(id)
            sequences[id] = nil
        }
        if !activity.admits { held.removeAll { $0 == key } }
        // A run that was given up has lost its requests to the watchdog, which has ended them.
        guard run.remove(key) else { return }
        record(
            .finished(
                outcome, promptTokenCount: request.admitted.prepared.promptTokens.count,
                generationTokenCount: request.generatedTokenCount), request)
        // First the place and the figures, then the news: who reads that a request has ended may
        // come back at once, and may look.
        request.admitted.ticket.end()
        request.slot.markEnd(throwing: error)
        if touched.last !== request.slot { touched.append(request.slot) }
    }
}
