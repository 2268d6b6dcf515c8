/// Runs an engine's core on a thread of its own: loads the parts, then takes turns until the end.
struct CoreThread: Sendable {
    let surroundings: EngineSurroundings
    let load: @Sendable (LoadingMonitor) throws -> EngineParts

    /// Starts the thread. What becomes of it shows in the run.
    func start() {
        let run = surroundings.run
        do {
            try EngineThread.start { [self] in
                defer { run.ended.fulfil(.success(true)) }
                do {
                    let (core, model) = try makeCore()
                    run.ready.fulfil(.success(model))
                    core.runLoop()
                } catch {
                    run.close()
                    run.ready.fulfil(.failure(EngineError(loading: error)))
                    endWaiting(because: EngineError(loading: error))
                }
            }
        } catch {
            run.ready.fulfil(.failure(error))
            run.ended.fulfil(.success(true))
        }
    }

    private func makeCore() throws -> (EngineCore, ServedModel) {
        let parts = try load(surroundings.run.monitor)
        return (EngineCore(parts: parts, surroundings: surroundings), parts.model)
    }

    /// Ends what was handed to a run whose core never came to be.
    private func endWaiting(because error: EngineError) {
        let (started, waiting) = surroundings.run.abandon()
        for request in started + waiting {
            request.ticket.end()
            request.slot.finish(throwing: error)
        }
    }
}
