import MartletEngine
import MartletTestSupport

/// Engines and callers around a ``ModelTable`` in virtual time: it performs the actions after
/// random delays, keeps its own books, and checks every action against them.
struct ModelWorld {
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    /// How often the rare things happened.
    struct Seen {
        var grants = 0
        var evictions = 0
        var refusals = 0
        var reloads = 0
        var forcedEnds = 0

        mutating func add(_ other: Seen) {
            grants += other.grants
            evictions += other.evictions
            refusals += other.refusals
            reloads += other.reloads
            forcedEnds += other.forcedEnds
        }
    }

    private(set) var seen = Seen()
    private var table: ModelTable
    private var now = Duration.zero
    private let names: [String]
    private let declarations: [ModelKey: ModelEntry.Declaration]
    /// Everybody who waits, with what they asked for.
    private var waiters: [WaiterKey: String] = [:]
    private var nextWaiter: UInt64 = 0
    private var loading: [ModelLoad] = []
    private var unloading: [ModelLoad] = []
    /// Engines that serve, and their sizes.
    private var serving: [ModelLoad: Int] = [:]
    private var leases: [ModelLoad] = []
    private var openRequests: [ModelKey: Int] = [:]
    /// Models that may be ended whether or not they are pinned.
    private var condemned: Set<ModelKey> = []
    /// Until when a failure is to be remembered.
    private var failures: [ModelKey: Duration] = [:]

    init(generator: inout SeededGenerator) throws {
        var policy = ModelTable.Policy(byteCount: generator.chance(90) ? 100 : nil)
        policy.loadCountMax = Int.random(in: 1...2, using: &generator)
        var table = ModelTable(policy: policy)
        var names: [String] = []
        var declarations: [ModelKey: ModelEntry.Declaration] = [:]
        for index in 0..<Int.random(in: 1...6, using: &generator) {
            let declaration = ModelEntry.Declaration(
                names: ["model-\(index)", "alias-\(index)"], isPinned: generator.chance(15),
                keepAlive: [nil, .zero, .seconds(20)].randomElement(using: &generator) ?? nil,
                byteCount: Int.random(in: 1...110, using: &generator))
            declarations[try table.add(declaration)] = declaration
            names += declaration.names
        }
        self.table = table
        self.names = names
        self.declarations = declarations
    }

    private func check(_ condition: Bool, _ text: @autoclosure () -> String) throws(Violation) {
        if !condition { throw Violation(description: "\(text()) at \(now)") }
    }

    // MARK: Events

    mutating func step(_ generator: inout SeededGenerator) throws {
        now += .milliseconds(Int.random(in: 0...1_500, using: &generator))
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<30: try ask(&generator)
        case 30..<55: try endLease(&generator)
        case 55..<70: try finishLoad(&generator)
        case 70..<82: try finishUnload()
        case 82..<85: try leave(&generator)
        case 85..<87: try lose(&generator)
        default: try tick(&generator)
        }
    }

    private mutating func ask(_ generator: inout SeededGenerator) throws {
        guard let name = names.randomElement(using: &generator) else { return }
        nextWaiter += 1
        let waiter = WaiterKey(rawValue: nextWaiter)
        waiters[waiter] = name
        switch Int.random(in: 0..<20, using: &generator) {
        case 0:
            waiters[waiter] = nil
            try perform(table.request("nobody", waiter: waiter, now: now), stranger: waiter)
        case 1, 2: try perform(table.load(name, waiter: waiter, now: now))
        case 3, 4:
            let key = try table.key(name)
            condemned.insert(key)
            failures[key] = nil
            try perform(table.unload(name, waiter: waiter, now: now))
        default: try perform(table.request(name, waiter: waiter, now: now))
        }
    }

    private mutating func endLease(_ generator: inout SeededGenerator) throws {
        guard let index = leases.indices.randomElement(using: &generator) else { return }
        let load = leases.remove(at: index)
        let open = serving[load] != nil && generator.chance(10) ? 1 : 0
        if serving[load] != nil { openRequests[load.model] = open }
        try perform(table.leaseEnded(load, openRequestCount: open, now: now))
    }

    private mutating func finishLoad(_ generator: inout SeededGenerator) throws {
        guard let index = loading.indices.randomElement(using: &generator) else { return }
        let load = loading.remove(at: index)
        if generator.chance(15) {
            failures[load.model] = now + table.policy.retryDelay
            let error = EngineError(.loadingFailed, "")
            try perform(table.loadFailed(load, error, now: now))
        } else {
            let estimate = declarations[load.model]?.byteCount ?? 0
            let size = generator.chance(10) ? estimate * 11 / 10 : estimate * 9 / 10
            serving[load] = size
            try perform(table.loaded(load, byteCount: size, now: now))
        }
    }

    private mutating func finishUnload() throws {
        guard let load = unloading.first else { return }
        unloading.removeFirst()
        serving[load] = nil
        condemned.remove(load.model)
        try perform(table.unloaded(load, now: now))
    }

    private mutating func leave(_ generator: inout SeededGenerator) throws {
        guard let waiter = waiters.keys.min(by: { $0.rawValue < $1.rawValue }) else { return }
        waiters[waiter] = nil
        try perform(table.leave(waiter, now: now))
    }

    private mutating func lose(_ generator: inout SeededGenerator) throws {
        let candidates = serving.keys.filter { !unloading.contains($0) }
        guard let load = candidates.min(by: { $0.model.rawValue < $1.model.rawValue }) else {
            return
        }
        condemned.insert(load.model)
        failures[load.model] = now
        try perform(table.lost(load, EngineError(.stepFailed, ""), now: now))
    }

    private mutating func tick(_ generator: inout SeededGenerator) throws {
        for key in openRequests.keys where generator.chance(50) { openRequests[key] = 0 }
        try perform(table.tick(now: now, openRequestCounts: openRequests))
    }

    /// Lets everything that is under way come to its end.
    mutating func settle() throws {
        var generator = SeededGenerator(seed: 0)
        openRequests = [:]
        for _ in 0..<200 {
            now += .seconds(10)
            while !leases.isEmpty { try endLease(&generator) }
            while !loading.isEmpty { try finishLoad(&generator) }
            while !unloading.isEmpty { try finishUnload() }
            openRequests = openRequests.mapValues { _ in 0 }
            try perform(table.tick(now: now, openRequestCounts: openRequests))
        }
        try check(waiters.isEmpty, "\(waiters) wait for ever")
        try perform(table.shutDown())
    }

    // MARK: Actions

    private mutating func perform(
        _ actions: [ModelAction], stranger: WaiterKey? = nil
    ) throws(Violation) {
        for action in actions {
            switch action {
            case .startLoading(let load): try start(load)
            case .startUnloading(let load, let gracefully): try end(load, gracefully)
            case .grant(let waiter, let load):
                try resume(waiter)
                try check(serving[load] != nil && !unloading.contains(load), "\(load) granted")
                leases.append(load)
                seen.grants += 1
            case .complete(let waiter): try resume(waiter)
            case .refuse(let waiter, _):
                if waiter != stranger { try resume(waiter) }
                seen.refusals += 1
            }
        }
        do {
            try table.checkInvariants()
        } catch {
            throw Violation(description: "\(error) after \(actions) at \(now)")
        }
        try checkMemory()
    }

    private mutating func resume(_ waiter: WaiterKey) throws(Violation) {
        try check(waiters.removeValue(forKey: waiter) != nil, "\(waiter) is resumed twice")
    }

    private mutating func start(_ load: ModelLoad) throws(Violation) {
        let others = loading + unloading + Array(serving.keys)
        try check(!others.contains { $0.model == load.model }, "\(load) is in memory twice")
        if let end = failures[load.model] { try check(now >= end, "\(load) is retried at once") }
        if load.generation > 1 { seen.reloads += 1 }
        openRequests[load.model] = nil
        loading.append(load)
    }

    private mutating func end(_ load: ModelLoad, _ gracefully: Bool) throws(Violation) {
        let isPinned = declarations[load.model]?.isPinned == true
        try check(!isPinned || condemned.contains(load.model), "pinned \(load) is evicted")
        try check(!unloading.contains(load), "\(load) is ended twice")
        if gracefully {
            try check(!leases.contains(load), "\(load) is ended while it is used")
            if !condemned.contains(load.model) { seen.evictions += 1 }
        } else {
            try check(condemned.contains(load.model), "\(load) is ended without need")
            seen.forcedEnds += 1
        }
        loading.removeAll { $0 == load }
        unloading.append(load)
        openRequests[load.model] = nil
    }

    /// What engines hold, by this world's own books.
    private func checkMemory() throws(Violation) {
        guard let budget = table.policy.byteCount else { return }
        var total = 0
        var overrun = 0
        for load in Set(loading).union(unloading).union(serving.keys) {
            let planned = declarations[load.model]?.byteCount ?? 0
            total += serving[load] ?? planned
            overrun += max(0, (serving[load] ?? 0) - planned)
        }
        try check(total <= budget + overrun, "\(total) of \(budget) bytes are taken")
    }
}
