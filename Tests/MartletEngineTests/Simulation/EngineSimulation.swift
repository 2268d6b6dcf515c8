import MartletEngine
import MartletScheduling
import MartletTestSupport
import Testing

/// Engines on a clock that stands still but for the simulation's moves, and clients that send,
/// read, stall, cancel and leave; operators that pause, put to sleep, abort, unload and load.
///
/// After every event: each request was admitted once and has ended at most once; the engine counts
/// as many open requests as the ledger; bounds hold; the scheduler's own invariants hold; what a
/// client has read is what the model says.
struct EngineSimulation {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    private var random: SeededGenerator
    private let clock = ManualClock()
    private var models: [SimulatedModel?] = [nil, nil, nil]
    private(set) var counts: [String: Int] = [:]
    private(set) var admittedCount = 0
    private(set) var endedCount = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Runs `count` events, then ends everything and looks at what is left.
    mutating func run(eventCount: Int) async throws {
        for event in 0..<eventCount {
            let index = Int.random(in: 0..<models.count, using: &random)
            try await step(index)
            if let model = models[index] { try check(model, exactly: event % 16 == 0) }
        }
        for index in models.indices { try await unload(index) }
    }

    private mutating func step(_ index: Int) async throws {
        guard var model = models[index] else { return try await load(index) }
        let choice = Int.random(in: 0..<1000, using: &random)
        models[index] = nil
        switch choice {
        case ..<220: try await send(&model)
        case ..<600:
            note("turn")
            model.manual.turn()
        case ..<850: try await read(&model)
        case ..<870: stall(&model)
        case ..<890: cancel(&model)
        case ..<905: leave(&model)
        case ..<945:
            let seconds = Int.random(in: 1...20, using: &random)
            note("expire")
            clock.advance(by: .seconds(seconds))
        case ..<955: failNextStep(&model)
        case ..<990: try await operate(&model, choice: choice)
        case ..<998: try await ask(&model) { _ = try await $0.resetPrefixCache() }
        default:
            models[index] = model
            return try await unload(index)
        }
        models[index] = model
    }

    // MARK: Clients

    private mutating func send(_ model: inout SimulatedModel) async throws {
        if try await model.send(&random) {
            note("submit")
            admittedCount += 1
        } else {
            note("refused")
        }
    }

    private mutating func read(_ model: inout SimulatedModel) async throws {
        guard let index = model.clients.indices.randomElement(using: &random),
            !model.clients[index].isStalled || !model.ledger.entry(model.clients[index].id).isOpen
        else { return }
        note("read")
        if let wrong = await model.read(index) { throw Violation(description: wrong) }
    }

    private mutating func stall(_ model: inout SimulatedModel) {
        guard let index = model.clients.indices.randomElement(using: &random) else { return }
        note("stall")
        model.clients[index].isStalled = true
    }

    private mutating func cancel(_ model: inout SimulatedModel) {
        guard let client = model.clients.randomElement(using: &random) else { return }
        note("cancel")
        client.stream.cancel()
    }

    /// A client that goes away without a word.
    private mutating func leave(_ model: inout SimulatedModel) {
        guard let index = model.clients.indices.randomElement(using: &random) else { return }
        note("leave")
        _ = model.clients.remove(at: index)
    }

    // MARK: The machine and its operators

    private mutating func failNextStep(_ model: inout SimulatedModel) {
        note("fail")
        model.settings.controls.change { $0.failingSteps = [$0.stepCount + 1] }
    }

    private mutating func operate(_ model: inout SimulatedModel, choice: Int) async throws {
        let mode = PauseMode.allCases.randomElement(using: &random) ?? .abort
        if model.isPaused {
            model.isPaused = false
            note("wake")
            try await ask(&model) { try await $0.wakeUp() }
            try await ask(&model) { try await $0.resume() }
        } else if choice < 970 {
            note("pause")
            model.isPaused = true
            try await ask(&model) { try await $0.pause(mode) }
        } else if choice < 980 {
            note("sleep")
            model.isPaused = true
            try await ask(&model) { try await $0.sleep(mode) }
        } else {
            note("abort")
            try await ask(&model) { _ = try await $0.abort() }
        }
    }

    /// Asks an engine for what it answers from its core, which gets turns until it does.
    private func ask(
        _ model: inout SimulatedModel,
        _ body: @escaping @Sendable (AsyncEngine) async throws -> Void
    ) async throws {
        let engine = model.manual.engine
        let answer = Task { try await body(engine) }
        let isDone = Flag()
        let watcher = Task {
            _ = await answer.result
            isDone.raise()
        }
        while !isDone.isRaised {
            model.manual.turn()
            await Task.yield()
        }
        await watcher.value
        try await answer.value
    }

    private mutating func load(_ index: Int) async throws {
        note("load")
        let policies = SchedulingPolicy.allCases
        let model = SimulatedModel(
            clock: clock, policy: policies.randomElement(using: &random) ?? .fcfs)
        try await model.manual.engine.start()
        models[index] = model
    }

    private mutating func unload(_ index: Int) async throws {
        guard var model = models[index] else { return }
        models[index] = nil
        note("unload")
        await model.manual.stop()
        guard model.ledger.openCount == 0, model.manual.engine.openRequestCount == 0 else {
            throw Violation(description: "\(model.ledger.openCount) requests never ended")
        }
        while !model.clients.isEmpty {
            if let wrong = await model.read(0) { throw Violation(description: wrong) }
        }
        endedCount += model.endedCount
        try check(model, exactly: false)
    }

    // MARK: Checks

    private func check(_ model: SimulatedModel, exactly: Bool) throws {
        if let violation = model.ledger.violations.first {
            throw Violation(description: violation)
        }
        let open = model.manual.engine.openRequestCount
        guard open == model.ledger.openCount, open <= model.limit else {
            throw Violation(
                description: "\(open) open requests, \(model.ledger.openCount) in the ledger")
        }
        if exactly { try model.manual.checkInvariants() }
    }

    private mutating func note(_ event: String) {
        counts[event, default: 0] += 1
    }
}
