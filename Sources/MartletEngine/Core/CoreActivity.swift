/// Whether the core takes steps, and who waits for that to change.
struct CoreActivity {
    /// What the core does.
    enum Phase: Hashable, Sendable {
        /// Takes steps.
        case running
        /// Takes steps for what is open, and holds what comes in.
        case finishing
        /// Takes no steps.
        case paused
        /// Takes no steps and has given its memory back.
        case asleep
    }

    private(set) var phase = Phase.running
    private var sleepsOnceDone = false
    private var answers: [OneShot<Bool>] = []

    /// Whether requests that come in go to the scheduler.
    var admits: Bool { phase == .running }
    /// Whether steps are taken.
    var steps: Bool { phase == .running || phase == .finishing }

    /// Begins to pause. `isDone` follows once nothing is left to finish.
    mutating func pause(_ mode: PauseMode, sleeps: Bool, answer: OneShot<Bool>) {
        guard phase != .asleep else { return answer.fulfil(.success(true)) }
        answers.append(answer)
        sleepsOnceDone = sleepsOnceDone || sleeps
        if phase == .running { phase = mode == .wait ? .finishing : .paused }
        if phase == .finishing, mode != .wait { phase = .paused }
    }

    /// What the core has to do now.
    enum Action {
        case nothing, sleep
        case answer([OneShot<Bool>])
    }

    /// - Parameter hasWork: Whether the scheduler has sequences.
    mutating func next(hasWork: Bool) -> Action {
        if phase == .finishing, !hasWork { phase = .paused }
        guard phase == .paused else { return .nothing }
        if sleepsOnceDone { return .sleep }
        guard !answers.isEmpty else { return .nothing }
        return .answer(takeAnswers())
    }

    /// Notes that the memory was given back.
    mutating func fellAsleep() -> [OneShot<Bool>] {
        phase = .asleep
        sleepsOnceDone = false
        return takeAnswers()
    }

    mutating func resume() -> [OneShot<Bool>] {
        phase = .running
        sleepsOnceDone = false
        return takeAnswers()
    }

    private mutating func takeAnswers() -> [OneShot<Bool>] {
        defer { answers = [] }
        return answers
    }
}
