import MartletEngine
import Testing

@Suite(.timeLimit(.minutes(2))) struct ModelManagerTests {
    @Test func `concurrent requests join one load`() async throws {
        let models = ManagedModels(["a": .init(loadTime: .milliseconds(30))])
        try await models.run { manager in
            #expect(await manager.state("a") == .unloaded)
            let count = try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let lease = try await manager.acquire(index % 2 == 0 ? nil : "a-alias")
                        let stream = try await lease.engine.generate(.text("Hello", count: 2))
                        return try await stream.collect().completions[0].text
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }.count
            }
            #expect(count == 1)
            #expect(models.loads == ["a"])
            #expect(await manager.state("a") == .ready)
        }
        #expect(models.loads == ["a"])
    }

    @Test func `the least recently used model makes room`() async throws {
        let models = ManagedModels([
            "a": .init(size: 40), "b": .init(size: 40), "c": .init(size: 40),
        ])
        try await models.run { manager in
            let first = try await manager.acquire("a")
            first.release()
            try await manager.acquire("b").release()
            try await manager.acquire("a").release()
            try await manager.acquire("c").release()
            #expect(await manager.state("a") == .ready)
            #expect(await manager.state("b") == .unloaded)
            #expect(await manager.state("c") == .ready)
            try await manager.acquire("b").release()
            #expect(await manager.state("a") == .unloaded)
            #expect(first.engine.state == .stopped)
            #expect(manager.statuses.reduce(0) { $0 + $1.byteCount } == 80)
        }
        #expect(models.loads == ["a", "b", "c", "b"])
    }

    @Test func `a lease keeps its model, and who waits gets the room when it ends`() async throws {
        let models = ManagedModels(["a": .init(size: 60), "b": .init(size: 60)])
        try await models.run { manager in
            var lease: ModelLease? = try await manager.acquire("a")
            async let other = manager.acquire("b")
            try await Task.sleep(for: .milliseconds(20))
            #expect(await manager.state("a") == .ready)
            #expect(await manager.state("b") == .unloaded)
            #expect(lease?.engine.state == .ready)
            lease = nil
            #expect(try await other.definition.names[0] == "b")
            #expect(await manager.state("a") == .unloaded)
        }
    }

    @Test func `a request that waits too long for memory says what it needs`() async throws {
        var models = ManagedModels([
            "a": .init(size: 60), "b": .init(size: 61), "c": .init(size: 101),
        ])
        models.configuration.memoryWaitTimeout = .milliseconds(30)
        try await models.run { manager in
            let lease = try await manager.acquire("a")
            let busy = await #expect(throws: EngineError.self) { try await manager.acquire("b") }
            #expect(busy?.code == .modelBusy)
            #expect(busy?.message.contains("61 of 100 bytes") == true)
            #expect(busy?.message.contains("'a' (60)") == true)
            let large = await #expect(throws: EngineError.self) { try await manager.acquire("c") }
            #expect(large?.code == .insufficientMemory)
            let unknown = await #expect(throws: EngineError.self) { try await manager.acquire("x") }
            #expect(unknown?.code == .modelNotFound)
            #expect(unknown?.value == "x")
            lease.release()
            try await manager.acquire("b").release()
        }
    }

    @Test func `a cancelled request leaves, and the load that has begun goes on`() async throws {
        let models = ManagedModels(["a": .init(loadTime: .milliseconds(50))])
        try await models.run { manager in
            let outcome = await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do {
                        _ = try await manager.acquire("a")
                        return false
                    } catch { return error is CancellationError }
                }
                while models.loads.isEmpty { await Task.yield() }
                group.cancelAll()
                return await group.next() ?? false
            }
            #expect(outcome)
            try await manager.wait("a", for: .ready)
            #expect(manager.statuses[0].leaseCount == 0)
        }
        #expect(models.loads == ["a"])
    }

    @Test func `unloading lets open requests end, and the next request loads again`() async throws {
        let models = ManagedModels(["a": .init()])
        models.settings.controls.change { $0.delay = .milliseconds(1) }
        try await models.run { manager in
            let lease = try await manager.acquire("a")
            let stream = try await lease.engine.generate(.text("Hello", count: 60))
            async let unloaded: Void = manager.unload("a")
            try await manager.wait("a", for: .unloading)
            async let next = manager.acquire("a")
            lease.release()
            let result = try await stream.collect()
            #expect(result.completions[0].finishReason == .length)
            try await unloaded
            #expect(lease.engine.state == .stopped)
            let again = try await next
            #expect(again.engine !== lease.engine)
            #expect(again.engine.state == .ready)
        }
        #expect(models.loads == ["a", "a"])
    }

    @Test func `a failure is remembered for a while and then tried again`() async throws {
        var models = ManagedModels(["a": .init()])
        models.configuration.retryDelay = .milliseconds(100)
        models.fail(["a"])
        try await models.run { manager in
            let start = ContinuousClock.now
            for _ in 0..<5 {
                let error = await #expect(throws: EngineError.self) { try await manager.acquire() }
                #expect(error == EngineError(.loadingFailed, "a is broken"))
            }
            // A machine that is busy with other tests may take longer than the failure lasts.
            let loadCount = models.loads.count
            #expect(loadCount == 1 || start.duration(to: .now) > .milliseconds(100))
            #expect(
                await manager.state("a") == .failed(.init(.loadingFailed, "a is broken")))
            models.fail([])
            try await Task.sleep(for: .milliseconds(110))
            try await manager.acquire("a").release()
            #expect(models.loads.count == loadCount + 1)
        }
    }

    @Test func `an engine that ends by itself is replaced`() async throws {
        var models = ManagedModels(["a": .init()])
        models.configuration.retryDelay = .zero
        try await models.run { manager in
            let lease = try await manager.acquire("a")
            await lease.engine.stop()
            while manager.statuses[0].engine === lease.engine {
                try await Task.sleep(for: .milliseconds(5))
            }
            let again = try await manager.acquire("a")
            #expect(again.engine !== lease.engine)
            lease.release()
            #expect(again.engine.state == .ready)
        }
    }

    @Test func `an idle model leaves by itself`() async throws {
        let models = ManagedModels([
            "a": .init(keepAlive: .zero), "b": .init(keepAlive: .milliseconds(50)), "c": .init(),
        ])
        try await models.run { manager in
            for name in ["a", "b", "c"] { try await manager.acquire(name).release() }
            try await manager.wait("a", for: .unloaded)
            try await manager.wait("b", for: .unloaded)
            #expect(await manager.state("c") == .ready)
        }
    }

    @Test func `models are added and removed only where that is allowed`() async throws {
        var models = ManagedModels(["a": .init()])
        let further = ModelDefinition(names: ["further"], configuration: .init(model: "further"))
        try await models.run { manager in
            await #expect(throws: EngineError.self) { try await manager.add(further) }
            await #expect(throws: EngineError.self) { try await manager.remove("a") }
        }
        models.configuration.allowsAdditions = true
        try await models.run { manager in
            try await manager.add(further)
            await #expect(throws: EngineError.self) { try await manager.add(further) }
            try await manager.acquire("further").release()
            #expect(manager.statuses.map(\.name) == ["a", "further"])
            try await manager.remove("further")
            #expect(manager.statuses.map(\.name) == ["a"])
            let error = await #expect(throws: EngineError.self) {
                try await manager.acquire("further")
            }
            #expect(error?.code == .modelNotFound)
        }
    }

    @Test func `names must be unique`() throws {
        let models = ["a", "b"].map {
            ModelDefinition(names: [$0, "same"], configuration: .init(model: $0))
        }
        let error = #expect(throws: EngineError.self) { try ModelManager(models) }
        #expect(error?.code == .invalidConfiguration)
    }
}
