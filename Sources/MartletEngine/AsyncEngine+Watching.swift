import Logging
import NIOConcurrencyHelpers

/// A core that hangs.
extension AsyncEngine {
    func watch() {
        let interval = min(configuration.stepTimeout / 4, .seconds(1))
        let watchdog = Watchdog(every: interval) { [weak self] in
            guard let self, current.run.ended.result == nil else { return false }
            lookAtCore()
            return true
        }
        self.watchdog.withLockedValue { $0 = watchdog }
    }

    /// Lets the other engines go on once a step takes longer than a step may. After twice that
    /// time the core is given up, and the engine begins anew.
    ///
    /// The requests that it has worked on end with an error, since one of them may be what it is
    /// stuck with; those that only waited go to the next core.
    private func lookAtCore() {
        let run = current.run
        guard let age = run.heartbeat.reading.stepAge(clock.now()),
            age > configuration.stepTimeout
        else { return }
        resources.revoke(run.share)
        guard age > configuration.stepTimeout * 2 else { return }
        logger.error("a step has taken \(age) and is given up; the model is loaded anew")
        let isStopped = lifecycle.withLockedValue(\.isStopped)
        let next = isStopped ? nil : current.replace()
        let estate = run.abandon()
        // Who stops the engine need not wait for a thread that may never end.
        run.ended.fulfil(.success(true))
        let error = EngineError(.stepFailed, "The engine was stuck and has been restarted.")
        observer.observe([EngineEvent(.restarted, time: clock.now())] + estate.started.map(lost))
        for request in estate.started { request.end(throwing: error) }
        if let next { launch(next) }
        for request in estate.waiting where next?.submit(request) != true {
            observer.observe([lost(request)])
            request.end(throwing: error)
        }
    }

    private func lost(_ request: AdmittedRequest) -> EngineEvent {
        EngineEvent(
            .finished(
                .failed(.stepFailed), promptTokenCount: request.prepared.promptTokens.count,
                generationTokenCount: 0),
            request: request.key.rawValue, requestID: request.prepared.requestID,
            time: clock.now())
    }
}
