import NIOConcurrencyHelpers

/// One life of an engine's core, as others see it: the way in, what is open in it, what it reports.
///
/// A core that hangs is given up together with its run, and the engine goes on with a new one. What
/// the old core does if it ever comes back reaches nobody: its mailbox is closed and its requests
/// are no longer listed.
final class EngineRun: Sendable {
    private let mailbox = Mailbox()
    private let givenUp = NIOLockedValueBox(false)
    private let questions = NIOLockedValueBox<[UInt64: @Sendable () -> Void]>([:])
    private let requests = NIOLockedValueBox<[RequestKey: (AdmittedRequest, hasStarted: Bool)]>([:])
    /// The model's part of the processors' time.
    let share: ComputeShare
    let heartbeat = Heartbeat()
    let statistics = StatisticsBox()
    let monitor = LoadingMonitor()
    /// Set when the model is loaded, or cannot be.
    let ready = OneShot<ServedModel>()
    /// Set when the run's thread has ended.
    let ended = OneShot<Bool>()

    init(share: ComputeShare) {
        self.share = share
    }

    /// Hands a request to the core.
    ///
    /// - Returns: False where the run has ended.
    func submit(_ request: AdmittedRequest) -> Bool {
        requests.withLockedValue { $0[request.key] = (request, false) }
        if mailbox.post(.submit(request)) { return true }
        // Where it is gone already, the watchdog has taken it along to the next run.
        return requests.withLockedValue { $0.removeValue(forKey: request.key) == nil }
    }

    @discardableResult
    func post(_ command: EngineCommand) -> Bool { mailbox.post(command) }

    /// Posts a command that waits for an answer.
    ///
    /// - Parameters:
    ///   - key: One that no other open question has.
    ///   - onGivingUp: Called when the run is given up before ``close(question:)``.
    /// - Returns: False where the run has ended.
    func ask(
        _ command: EngineCommand, question key: UInt64, onGivingUp: @escaping @Sendable () -> Void
    ) -> Bool {
        questions.withLockedValue { $0[key] = onGivingUp }
        if mailbox.post(command) { return true }
        // Where it is gone already, it has been told that the run was given up.
        return questions.withLockedValue { $0.removeValue(forKey: key) == nil }
    }

    /// Forgets a question that has its answer.
    func close(question key: UInt64) {
        _ = questions.withLockedValue { $0.removeValue(forKey: key) }
    }

    /// Asks the core to end every request and itself.
    func close() {
        monitor.cancel()
        mailbox.close()
    }

    /// Whether the watchdog has taken everything from the core: it may touch no request any more.
    var isGivenUp: Bool { givenUp.withLockedValue { $0 } }

    // MARK: For the core

    func drain(_ wait: Mailbox.Wait) -> (commands: [EngineCommand], isClosed: Bool) {
        mailbox.drain(wait)
    }

    /// Notes that a request has been scheduled.
    func markStarted(_ key: RequestKey) {
        requests.withLockedValue { $0[key]?.hasStarted = true }
    }

    /// Notes that a request has ended.
    ///
    /// - Returns: False where the run was given up and the request with it.
    func remove(_ key: RequestKey) -> Bool {
        requests.withLockedValue { $0.removeValue(forKey: key) != nil }
    }

    // MARK: For the watchdog

    /// What a core had that does not answer any more.
    struct Estate {
        /// The requests that it has worked on.
        var started: [AdmittedRequest]
        /// Those that only waited.
        var waiting: [AdmittedRequest]
    }

    /// Takes everything from a core that does not answer any more.
    func abandon() -> Estate {
        givenUp.withLockedValue { $0 = true }
        close()
        let callbacks = questions.withLockedValue { questions in
            defer { questions = [:] }
            return questions.values
        }
        for callback in callbacks { callback() }
        let all = requests.withLockedValue { requests in
            defer { requests = [:] }
            return requests.values.sorted { $0.0.key.rawValue < $1.0.key.rawValue }
        }
        return Estate(
            started: all.filter(\.hasStarted).map(\.0),
            waiting: all.filter { !$0.hasStarted }.map(\.0))
    }
}

/// The run that an engine is in now.
final class CurrentRun: Sendable {
    private let gate: ComputeGate
    private let box: NIOLockedValueBox<EngineRun>

    init(gate: ComputeGate) {
        self.gate = gate
        box = NIOLockedValueBox(EngineRun(share: gate.join()))
    }

    var run: EngineRun { box.withLockedValue { $0 } }

    /// Hands a command to the run that takes it: one that was given up in between does not.
    ///
    /// - Returns: False where the engine has ended.
    @discardableResult
    func post(_ body: (EngineRun) -> Bool) -> Bool {
        var run = run
        while !body(run) {
            let next = self.run
            if next === run { return false }
            run = next
        }
        return true
    }

    /// Starts the next life.
    func replace() -> EngineRun {
        let run = EngineRun(share: gate.join())
        box.withLockedValue { $0 = run }
        return run
    }
}
