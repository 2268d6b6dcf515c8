import MartletExecutor
import MartletSampling
import MartletScheduling

/// The engine's heart: owns the scheduler, every open sequence and the executor.
///
/// One thread owns it. Its ``turn(waits:)`` is synchronous: it takes commands from the mailbox,
/// ends what has expired, lets the scheduler decide a step, runs it and puts the output into the
/// requests' slots.
package final class EngineCore {
    let surroundings: EngineSurroundings
    let model: TextModel
    /// Nil while the core sleeps.
    var executor: (any StepExecutor)?
    var scheduler: Scheduler
    var activity = CoreActivity()
    var statistics = EngineStatistics()
    var requests: [RequestKey: OpenRequest] = [:]
    var sequences: [SequenceID: SequenceOutput] = [:]
    /// What the executor is told of the step's sequences; empty but for the memory between steps.
    var stepSequences: [StepSequence] = []
    var deadlines = DeadlineQueue()
    /// Requests that came in while none were taken on, in order.
    var held: [RequestKey] = []
    var nextSequence: UInt64 = 0
    /// Slots that got output in this step; their readers are woken at its end.
    var touched: [OutputSlot] = []
    private let waker = ReaderWaker()
    var events: [EngineEvent] = []
    private var answers: [() -> Void] = []
    /// The moment that scheduling counts time from.
    let clockStart: ContinuousClock.Instant
    let prefixStore: PrefixStore?
    /// Whether there may be computed prefixes that are not in the store.
    var hasUnsavedPrefixes = false

    var run: EngineRun { surroundings.run }
    var now: ContinuousClock.Instant { surroundings.clock.now() }

    init(parts: EngineParts, surroundings: EngineSurroundings) {
        scheduler = parts.scheduler
        executor = parts.executor
        model = parts.model.text
        prefixStore = parts.model.prefixStore
        clockStart = surroundings.clock.now()
        self.surroundings = surroundings
        publish()
    }

    /// Takes turns until the mailbox is closed, then ends what is still open.
    func runLoop() {
        while turn(waits: true) {}
        end()
    }

    /// Ends what is still open and gives the memory back.
    package func end() {
        guard !run.isGivenUp else {
            executor = nil
            return
        }
        for key in requests.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            abort(key, cause: .shutdown)
        }
        answer(activity.resume(), .success(false))
        publish()
        saveAllPrefixes()
        prefixStore?.close()
        executor = nil
        run.ended.fulfil(.success(true))
    }

    /// One step, with the commands that came before it.
    ///
    /// - Parameter waits: Whether to sleep while there is nothing to do.
    /// - Returns: False once the mailbox is closed.
    package func turn(waits: Bool) -> Bool {
        let (commands, isClosed) = run.drain(waits ? wait() : .no)
        if run.isGivenUp { return false }
        for command in commands { obey(command) }
        if isClosed { return false }
        expire()
        let hasWork = activity.steps && scheduler.hasUnfinishedSequences
        if hasWork { step() }
        savePrefixes(atMost: hasWork ? 4 : 32)
        rest()
        publish()
        return true
    }

    /// How long there will be nothing to do.
    private func wait() -> Mailbox.Wait {
        if activity.steps, scheduler.hasUnfinishedSequences { return .no }
        run.share.rest()
        if hasUnsavedPrefixes { return .forAtMost(.milliseconds(2)) }
        guard let deadline = deadlines.next else { return .forever }
        return .forAtMost(max(deadline - now, .zero))
    }

    /// Goes on with pausing or falling asleep.
    private func rest() {
        switch activity.next(hasWork: scheduler.hasUnfinishedSequences) {
        case .nothing: break
        case .answer(let waiting): answer(waiting, .success(true))
        case .sleep:
            saveAllPrefixes()
            loseCache()
            executor = nil
            record(.slept)
            answer(activity.fellAsleep(), .success(true))
        }
    }

    /// Answers those who asked for a change once the statistics show it.
    func answer<Value>(_ waiting: [OneShot<Value>], _ result: Result<Value, EngineError>) {
        answers += waiting.map { one in { one.fulfil(result) } }
    }

    /// Tells of ends and answers before a step, which may take long or never come back.
    func publishNews() {
        if !touched.isEmpty || !answers.isEmpty { publish() }
    }

    /// Tells what happened: first the events and the figures, then the news to those who wait.
    private func publish() {
        if !run.isGivenUp { publishFigures() }
        if !touched.isEmpty {
            for slot in touched { slot.showEnd() }
            waker.wakeReaders(of: touched)
            touched.removeAll(keepingCapacity: true)
        }
        for answer in answers { answer() }
        answers.removeAll(keepingCapacity: true)
    }

    private func publishFigures() {
        if !events.isEmpty {
            surroundings.observer.observe(events)
            events.removeAll(keepingCapacity: true)
        }
        statistics.update(from: scheduler)
        statistics.waitingCount += held.count
        statistics.activity = EngineActivity(activity.phase)
        run.statistics.latest = statistics
    }

    func record(_ kind: EngineEvent.Kind, _ request: OpenRequest? = nil) {
        events.append(
            EngineEvent(
                kind, request: request?.key.rawValue ?? 0,
                requestID: request?.admitted.prepared.requestID, time: now))
    }
}
