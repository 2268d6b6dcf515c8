import Logging
import MartletDemoModel
import MartletEngine
import MartletTestSupport
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(2))) struct ModelManagerLifeTests {
    private func group(_ manager: ModelManager) -> ServiceGroup {
        ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: manager, successTerminationBehavior: .gracefullyShutdownGroup)
                ], logger: Logger(label: "test")))
    }

    @Test func `as a service it loads one model after the other and drains at the end`()
        async throws
    {
        let models = ManagedModels([
            "a": .init(loadTime: .milliseconds(10), loadsEagerly: true), "b": .init(),
            "c": .init(loadTime: .milliseconds(10), loadsEagerly: true),
        ])
        models.settings.controls.change { $0.delay = .milliseconds(1) }
        let manager = try models.make()
        let group = group(manager)
        async let running: Void = group.run()
        try await manager.wait("c", for: .ready)
        #expect(models.loads == ["a", "c"])
        #expect(models.loadingMax == 1)
        let lease = try await manager.acquire("a")
        let stream = try await lease.engine.generate(.text("Hello", count: 60))
        await group.triggerGracefulShutdown()
        #expect(try await stream.collect().completions[0].finishReason == .length)
        try await running
        #expect(lease.engine.state == .stopped)
        let error = await #expect(throws: EngineError.self) { try await manager.acquire("a") }
        #expect(error?.code == .engineStopped)
    }

    @Test func `without a single model that loads it fails, with one it serves`() async throws {
        let models = ManagedModels(["a": .init(loadsEagerly: true), "b": .init(loadsEagerly: true)])
        models.fail(["a", "b"])
        let manager = try models.make()
        await #expect(throws: EngineError(.loadingFailed, "a is broken")) {
            try await manager.run()
        }
        models.fail(["a"])
        try await models.run { manager in
            try await manager.wait("b", for: .ready)
            try await manager.acquire("b").release()
        }
    }

    @Test func `a graceful shutdown refuses those who wait for a load`() async throws {
        let models = ManagedModels(["a": .init(loadsEagerly: true)])
        models.hold(true)
        let manager = try models.make()
        let group = group(manager)
        async let running: Void = group.run()
        while models.loads.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        async let waiting: ModelLease = manager.acquire("a")
        try await Task.sleep(for: .milliseconds(5))
        await group.triggerGracefulShutdown()
        do {
            _ = try await waiting
            Issue.record("the load was waited for")
            models.hold(false)
        } catch let error as EngineError {
            #expect(error.code == .engineStopped)
        }
        // An engine's thread ends when the load does.
        models.hold(false)
        try await running
    }

    @Test func `cancelling its task ends it, and so does stopping it`() async throws {
        let models = ManagedModels(["a": .init(loadsEagerly: true)])
        let manager = try models.make()
        let engine = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await manager.run() }
            let lease = try await manager.acquire("a")
            group.cancelAll()
            try await group.waitForAll()
            return lease.engine
        }
        #expect(engine.state == .stopped)
        await manager.stop()
        let idle = try models.make()
        await idle.stop()
        await #expect(throws: EngineError.self) { try await idle.acquire("a") }
    }

    @Test func `an engine of the caller's making counts as loaded`() async throws {
        let engine = TestEngine().make()
        let manager = try ModelManager(engine: engine, names: ["mine"])
        try await manager.whileRunning { manager in
            let lease = try await manager.acquire("mine")
            #expect(lease.engine === engine)
            try await manager.wait("mine", for: .ready)
            _ = try await lease.engine.generate(.text("Hello", count: 2)).collect()
        }
        #expect(engine.state == .stopped)
    }

    @Test func `a real model is sized, loaded and served`() async throws {
        let definition = ModelDefinition(
            names: ["demo"], configuration: .init(model: DemoModel.directory))
        var configuration = ModelManagerConfiguration()
        configuration.memoryByteCount = 256 << 20
        try await ModelManager.withModels([definition], configuration: configuration) { manager in
            let lease = try await manager.acquire()
            let request = GenerationRequest.text("Once upon a time", count: 4)
            let result = try await lease.engine.generate(request).collect()
            #expect(result.completions[0].tokenIDs.count == 4)
            let status = manager.statuses[0]
            #expect(status.state == .ready)
            let weights = try await lease.engine.modelConfiguration.weightByteCount
            #expect(status.byteCount > weights)
            #expect(status.byteCount <= 256 << 20)
            // Weights, as loaded, differ from what the headers say by padding alone.
            let footprint = ModelFootprint(of: definition.configuration)
            #expect(abs(footprint.weightByteCount - weights) < weights / 20)
        }
    }

    /// The second seed is new in every run; a failure prints it.
    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `many callers of many models all get an answer`(seed: UInt64) async throws {
        let models = ManagedModels([
            "a": .init(size: 50, loadTime: .milliseconds(1)), "b": .init(size: 40),
            "c": .init(size: 30, keepAlive: .zero), "d": .init(size: 60),
        ])
        let names = models.models.map(\.name)
        try await models.run { manager in
            let served = await withTaskGroup(of: Int.self) { group in
                for caller in 0..<16 {
                    group.addTask {
                        var generator = SeededGenerator(seed: seed &+ UInt64(caller))
                        var served = 0
                        for _ in 0..<12 {
                            guard let name = names.randomElement(using: &generator) else { break }
                            if generator.chance(5) { try? await manager.unload(name) }
                            // Unloading refuses those who wait for a load.
                            guard let lease = try? await manager.acquire(name) else { continue }
                            let request = GenerationRequest.text("Hello", count: 3)
                            let stream = try? await lease.engine.generate(request)
                            if (try? await stream?.collect()) != nil { served += 1 }
                            let used = manager.statuses.reduce(0) { $0 + $1.byteCount }
                            if used > 100 { Issue.record("seed \(seed): \(used) bytes are used") }
                        }
                        return served
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(served > 50, "seed \(seed)")
        }
    }
}
