import MartletEngine
import Testing

@Suite struct ModelTableTests {
    /// A table of models of the sizes given, under the names a, b, c...
    private func table(
        _ sizes: [Int], budget: Int? = 100, keepAlive: Duration? = nil, pinned: Set<String> = []
    ) throws -> ModelTable {
        var policy = ModelTable.Policy(byteCount: budget)
        policy.waitMax = .seconds(10)
        var table = ModelTable(policy: policy)
        for (name, size) in zip("abcdef", sizes) {
            try table.add(
                .init(
                    names: [String(name), "\(name)-alias"], isPinned: pinned.contains(String(name)),
                    keepAlive: keepAlive, byteCount: size))
        }
        return table
    }

    private func waiter(_ value: UInt64) -> WaiterKey { WaiterKey(rawValue: value) }

    private func load(_ table: ModelTable, _ name: String) throws -> ModelLoad {
        let key = try table.key(name)
        return ModelLoad(model: key, generation: table.entries[key]?.generation ?? 0)
    }

    /// Brings a model into memory and gives its lease back at `now`.
    private func use(_ name: String, of table: inout ModelTable, now: Duration) throws {
        _ = table.request(name, waiter: waiter(1000), now: now)
        let load = try load(table, name)
        _ = table.loaded(load, byteCount: table.entries[load.model]?.byteCount ?? 0, now: now)
        _ = table.leaseEnded(load, openRequestCount: 0, now: now)
        try table.checkInvariants()
        #expect(table.entries[load.model]?.phase == .ready)
    }

    @Test func `concurrent requests join one load, by any of the model's names`() throws {
        var table = try table([10])
        let first = table.request("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        #expect(first == [.startLoading(load)])
        let second = table.request("a-alias", waiter: waiter(2), now: .zero)
        let third = table.load(nil, waiter: waiter(3), now: .zero)
        #expect(second.isEmpty && third.isEmpty)
        let done = table.loaded(load, byteCount: 12, now: .seconds(1))
        #expect(done == [.grant(waiter(1), load), .grant(waiter(2), load), .complete(waiter(3))])
        #expect(table.entries[load.model]?.leaseCount == 2)
        #expect(table.byteCount == 12)
        let late = table.request("a", waiter: waiter(4), now: .seconds(2))
        #expect(late == [.grant(waiter(4), load)])
        try table.checkInvariants()
    }

    @Test func `a name that nobody has is refused, and one that is taken cannot be declared`()
        throws
    {
        var table = try table([10])
        let answer = table.request("nobody", waiter: waiter(1), now: .zero)
        #expect(answer == [.refuse(waiter(1), .unknown(name: "nobody"))])
        #expect(throws: ModelError.badName("a-alias")) {
            try table.add(.init(names: ["x", "a-alias"], byteCount: 1))
        }
        #expect(throws: ModelError.badName("")) { try table.add(.init(names: [], byteCount: 1)) }
        #expect(throws: ModelError.badName("y")) {
            try table.add(.init(names: ["y", "y"], byteCount: 1))
        }
        try table.checkInvariants()
    }

    @Test func `the model that was idle longest makes room, and only as many as needed`() throws {
        var table = try table([40, 30, 30, 60])
        try use("b", of: &table, now: .seconds(1))
        try use("a", of: &table, now: .seconds(2))
        try use("c", of: &table, now: .seconds(3))
        let (a, b) = (try load(table, "a"), try load(table, "b"))
        let actions = table.request("d", waiter: waiter(1), now: .seconds(4))
        #expect(
            actions == [
                .startUnloading(b, gracefully: true), .startUnloading(a, gracefully: true),
            ])
        let first = table.unloaded(b, now: .seconds(5))
        #expect(first.isEmpty)
        let second = table.unloaded(a, now: .seconds(5))
        #expect(second == [.startLoading(try load(table, "d"))])
        try table.checkInvariants()
    }

    @Test func `a pinned model stays, and so does one in use`() throws {
        var table = try table([50, 50, 40], pinned: ["a"])
        try use("a", of: &table, now: .zero)
        let b = table.request("b", waiter: waiter(1), now: .zero)
        let load = try load(table, "b")
        #expect(b == [.startLoading(load)])
        _ = table.loaded(load, byteCount: 50, now: .seconds(1))
        let blocked = table.request("c", waiter: waiter(2), now: .seconds(2))
        #expect(blocked.isEmpty)
        // An engine may have requests that no lease stands for.
        let busy = table.leaseEnded(load, openRequestCount: 1, now: .seconds(3))
        #expect(busy.isEmpty)
        let early = table.tick(now: .seconds(11), openRequestCounts: [load.model: 1])
        #expect(early.isEmpty)
        let idle = table.tick(now: .milliseconds(11_900), openRequestCounts: [load.model: 0])
        #expect(idle == [.startUnloading(load, gracefully: true)])
        try table.checkInvariants()
    }

    @Test func `who waits too long for models in use is told which`() throws {
        var table = try table([50, 50, 40], pinned: ["a"])
        try use("a", of: &table, now: .zero)
        _ = table.request("b", waiter: waiter(1), now: .zero)
        _ = table.loaded(try load(table, "b"), byteCount: 50, now: .seconds(1))
        _ = table.request("c", waiter: waiter(2), now: .seconds(2))
        _ = table.request("c", waiter: waiter(3), now: .seconds(5))
        let early = table.tick(now: .milliseconds(11_999))
        #expect(early.isEmpty)
        let error = ModelError.busy(
            name: "c", needed: 40, budget: 100,
            holdings: [
                .init(name: "a", byteCount: 50, isPinned: true),
                .init(name: "b", byteCount: 50, isPinned: false),
            ])
        let late = table.tick(now: .seconds(12))
        #expect(late == [.refuse(waiter(2), error)])
        let later = table.tick(now: .seconds(15))
        #expect(later == [.refuse(waiter(3), error)])
        try table.checkInvariants()
    }

    @Test func `a model larger than the budget is refused at once`() throws {
        var table = try table([101, 100])
        let answer = table.request("a", waiter: waiter(1), now: .zero)
        #expect(answer == [.refuse(waiter(1), .tooLarge(name: "a", needed: 101, budget: 100))])
        let other = table.request("b", waiter: waiter(2), now: .zero)
        #expect(other == [.startLoading(try load(table, "b"))])
        try table.checkInvariants()
    }

    @Test func `unloading waits for leases, and requests meanwhile load again`() throws {
        var table = try table([10])
        _ = table.request("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        _ = table.loaded(load, byteCount: 10, now: .zero)
        let unloading = table.unload("a", waiter: waiter(2), now: .seconds(1))
        #expect(unloading.isEmpty)
        let next = table.request("a", waiter: waiter(3), now: .seconds(2))
        #expect(next.isEmpty)
        let drained = table.leaseEnded(load, openRequestCount: 0, now: .seconds(3))
        #expect(drained == [.startUnloading(load, gracefully: true)])
        let again = table.unloaded(load, now: .seconds(4))
        let reload = try self.load(table, "a")
        #expect(again == [.complete(waiter(2)), .startLoading(reload)])
        #expect(reload.generation == load.generation + 1)
        // What comes late from the first stay says nothing about the second.
        let stale = table.loadFailed(load, .init(.engineStopped, ""), now: .seconds(5))
        #expect(stale.isEmpty)
        let granted = table.loaded(reload, byteCount: 10, now: .seconds(6))
        #expect(granted == [.grant(waiter(3), reload)])
        try table.checkInvariants()
    }

    @Test func `a lease that nobody gives back delays unloading for a limited time`() throws {
        var table = try table([10])
        _ = table.request("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        _ = table.loaded(load, byteCount: 10, now: .zero)
        _ = table.unload("a", waiter: waiter(2), now: .seconds(1))
        let early = table.tick(now: .seconds(30))
        #expect(early.isEmpty)
        let late = table.tick(now: .seconds(31))
        #expect(late == [.startUnloading(load, gracefully: false)])
        try table.checkInvariants()
    }

    @Test func `unloading a model that loads refuses those who wait for it`() throws {
        var table = try table([10])
        _ = table.request("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        let actions = table.unload("a", waiter: waiter(2), now: .zero)
        #expect(
            actions == [
                .refuse(waiter(1), .unloaded(name: "a")), .startUnloading(load, gracefully: false),
            ])
        let late = table.loaded(load, byteCount: 10, now: .zero)
        #expect(late.isEmpty)
        let done = table.unloaded(load, now: .zero)
        #expect(done == [.complete(waiter(2))])
        try table.checkInvariants()
    }

    @Test func `a failure is the answer for a while, then loading is tried again`() throws {
        var table = try table([10])
        let error = EngineError(.loadingFailed, "no such file")
        _ = table.request("a", waiter: waiter(1), now: .zero)
        let failed = table.loadFailed(try load(table, "a"), error, now: .seconds(1))
        #expect(failed == [.refuse(waiter(1), .failed(error))])
        let soon = table.request("a", waiter: waiter(2), now: .milliseconds(5_999))
        #expect(soon == [.refuse(waiter(2), .failed(error))])
        let later = table.request("a", waiter: waiter(3), now: .seconds(6))
        #expect(later == [.startLoading(try load(table, "a"))])
        try table.checkInvariants()
    }

    @Test func `an engine that fails is ended, and its leases end with it`() throws {
        var table = try table([10])
        let error = EngineError(.stepFailed, "hung")
        _ = table.request("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        _ = table.loaded(load, byteCount: 10, now: .zero)
        let lost = table.lost(load, error, now: .zero)
        #expect(lost == [.startUnloading(load, gracefully: false)])
        _ = table.request("a", waiter: waiter(2), now: .seconds(1))
        let over = table.unloaded(load, now: .seconds(2))
        #expect(over == [.refuse(waiter(2), .failed(error))])
        let late = table.leaseEnded(load, openRequestCount: 0, now: .seconds(3))
        #expect(late.isEmpty)
        try table.checkInvariants()
    }

    @Test func `an idle model leaves when its time is over`() throws {
        var table = try table([10], keepAlive: .seconds(60))
        try use("a", of: &table, now: .seconds(5))
        let early = table.tick(now: .seconds(64))
        #expect(early.isEmpty)
        let late = table.tick(now: .seconds(65))
        #expect(late == [.startUnloading(try load(table, "a"), gracefully: true)])
    }

    @Test func `without keep-alive a model leaves after its first use, not before`() throws {
        var table = try table([10], keepAlive: .zero)
        _ = table.load("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        _ = table.loaded(load, byteCount: 10, now: .zero)
        let unused = table.tick(now: .seconds(1000))
        #expect(unused.isEmpty)
        _ = table.request("a", waiter: waiter(2), now: .seconds(1001))
        let used = table.leaseEnded(load, openRequestCount: 0, now: .seconds(1002))
        #expect(used == [.startUnloading(load, gracefully: true)])
    }

    @Test func `those who leave are forgotten, but not the load that has begun`() throws {
        var table = try table([60, 60])
        _ = table.request("a", waiter: waiter(1), now: .zero)
        let load = try load(table, "a")
        _ = table.request("b", waiter: waiter(2), now: .zero)
        _ = table.leave(waiter(1), now: .zero)
        _ = table.leave(waiter(2), now: .zero)
        let done = table.loaded(load, byteCount: 60, now: .seconds(1))
        // Nobody wants `b` any more, so `a` stays.
        #expect(done.isEmpty)
        #expect(table.entries[load.model]?.phase == .ready)
        try table.checkInvariants()
    }

    @Test func `shutting down refuses those who wait and those who come`() throws {
        var table = try table([60, 60])
        _ = table.request("a", waiter: waiter(1), now: .zero)
        _ = table.load("b", waiter: waiter(2), now: .zero)
        let actions = table.shutDown()
        #expect(
            actions == [.refuse(waiter(1), .shuttingDown), .refuse(waiter(2), .shuttingDown)])
        let late = table.request("a", waiter: waiter(3), now: .zero)
        #expect(late == [.refuse(waiter(3), .shuttingDown)])
        try table.checkInvariants()
    }

    @Test func `shutting down refuses those who wait for a model to be unloaded`() throws {
        var table = try table([10])
        _ = table.request("a", waiter: waiter(1), now: .zero)
        _ = table.loaded(try load(table, "a"), byteCount: 10, now: .zero)
        _ = table.unload("a", waiter: waiter(2), now: .zero)
        let actions = table.shutDown()
        #expect(actions == [.refuse(waiter(2), .shuttingDown)])
        let late = table.unload("a", waiter: waiter(3), now: .zero)
        #expect(late == [.refuse(waiter(3), .shuttingDown)])
        try table.checkInvariants()
    }
}
