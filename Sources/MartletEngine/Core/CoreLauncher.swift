import MartletTensor

/// How an engine's core gets its turns.
package enum CoreLaunch: Sendable {
    /// On a thread of its own, until the engine ends.
    case ownThread
    /// From whoever makes the core, one ``EngineCore/turn(waits:)`` after the other: tests that
    /// move the clock by hand.
    case handedOver(@Sendable (_ make: () -> EngineCore?) -> Void)
}

/// Makes an engine's core from its parts and gets it going.
struct CoreLauncher: Sendable {
    let surroundings: EngineSurroundings
    let load: @Sendable (LoadingMonitor) throws -> EngineParts

    private var run: EngineRun { surroundings.run }

    /// Starts the core. What becomes of it shows in the run.
    func start(_ launch: CoreLaunch) {
        switch launch {
        case .ownThread: startThread()
        case .handedOver(let take):
            take(makeCore)
        }
    }

    private func startThread() {
        do {
            try EngineThread.start { [self] in
                ThreadName.set("martlet-engine")
                makeCore()?.runLoop()
                run.ended.fulfil(.success(true))
            }
        } catch {
            fail(because: error)
            run.ended.fulfil(.success(true))
        }
    }

    private func makeCore() -> sending EngineCore? {
        do {
            let parts = try load(run.monitor)
            let model = parts.model
            let core = EngineCore(parts: parts, surroundings: surroundings)
            run.ready.fulfil(.success(model))
            return core
        } catch {
            fail(because: EngineError(loading: error))
            return nil
        }
    }

    /// Ends what was handed to a run whose core never came to be.
    private func fail(because error: EngineError) {
        run.ready.fulfil(.failure(error))
        let estate = run.abandon()
        for request in estate.started + estate.waiting { request.end(throwing: error) }
    }
}

extension AdmittedRequest {
    /// Ends a request that no core has.
    func end(throwing error: EngineError) {
        ticket.end()
        slot.finish(throwing: error)
    }
}
