import MartletDemoModel
import MartletEngine
import MartletTensor
import MartletTestSupport
import NIOPosix
import Testing

/// What a load decides before and while it reads weights.
@Suite struct LoadingTests {
    private func sizing(
        available: Int?, minimum: Int = 0, modelLength: Int = 1024, asked: Int? = nil,
        sequences: Int = 128
    ) throws(EngineError) -> CacheSizing {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.kvCacheMemoryByteCount = asked
        configuration.maximumSequenceCount = sequences
        return try CacheSizing(
            configuration: configuration, blockByteCount: 1000, modelLength: modelLength,
            availableByteCount: available, minimumByteCount: minimum)
    }

    @Test func `the cache takes half of what is available, and no more than it can use`() throws {
        let half = try sizing(available: 1_000_000)
        #expect(half.blockCount == 500)
        #expect(half.byteCount == 500_000)
        #expect(half.maximumModelLength == 1024)
        // 64 blocks for each of two requests.
        #expect(try sizing(available: 1_000_000, sequences: 2).blockCount == 128)
        #expect(try sizing(available: 20_000).maximumModelLength == 160)
    }

    @Test func `the cache gets what it was promised, even more than half`() throws {
        #expect(try sizing(available: 100_000, minimum: 80_000).blockCount == 80)
        #expect(try sizing(available: 50_000, minimum: 80_000).blockCount == 50)
        #expect(try sizing(available: 100_000, minimum: 10_000).blockCount == 50)
        #expect(try sizing(available: 100_000, asked: 90_000).blockCount == 90)
        #expect(throws: EngineError.self) { try sizing(available: 100_000, asked: 100_001) }
    }

    @Test func `by default all models take nine tenths of what the system has`() throws {
        let root = try TemporaryDirectory()
        try root.write("MemTotal: 900 kB\nMemAvailable: 500 kB\n", "proc/meminfo")
        let budget = MemoryBudget.ofAvailableMemory(MemoryProbe(root: root.path))
        #expect(budget.byteCount == 460_800)
        let without = MemoryProbe(root: root.path + "/no")
        #expect(MemoryBudget.ofAvailableMemory(without).byteCount == nil)
    }

    @Test func `pages of files can be had, of a group as of the machine`() throws {
        let root = try TemporaryDirectory()
        let files = [
            "proc/meminfo": "MemAvailable: 9 kB\n", "sys/fs/cgroup/memory.max": "5000\n",
            "sys/fs/cgroup/memory.current": "4500\n",
            "sys/fs/cgroup/memory.stat":
                "anon 900\nfile 3600\nactive_file 3000\ninactive_file 500\nshmem 100\n",
        ]
        for (name, text) in files { try root.write(text, name) }
        #expect(MemoryProbe(root: root.path).availableByteCount == 4000)
        try root.write("max\n", "sys/fs/cgroup/memory.max")
        #expect(MemoryProbe(root: root.path).availableByteCount == 9 * 1024)
    }

    @Test func `a model that cannot be read counts with its files`() throws {
        let directory = try TemporaryDirectory()
        for (name, count) in [("a.safetensors", 1000), ("b.gguf", 200), ("c.txt", 30)] {
            try directory.write([UInt8](repeating: 0, count: count), name)
        }
        #expect(ModelFootprint(of: .init(model: directory.path)).requiredByteCount == 1200)
        let missing = directory.path + "/no"
        #expect(ModelFootprint(of: .init(model: missing)).requiredByteCount == 0)
    }

    @Test func `the footprint follows the type and what the configuration asks for`() {
        var configuration = AsyncEngineConfiguration(model: DemoModel.directory)
        let stored = ModelFootprint(of: configuration)
        configuration.dtype = "float32"
        configuration.kvCacheMemoryByteCount = 12_345
        let wide = ModelFootprint(of: configuration)
        #expect(wide.weightByteCount == 2 * stored.weightByteCount)
        #expect(wide.minimumCacheByteCount == 12_345)
        #expect(stored.minimumCacheByteCount > 0)
        #expect(
            stored.requiredByteCount
                == stored.weightByteCount + stored.activationByteCount
                + stored.minimumCacheByteCount)
    }

    #if os(Linux)
    @Test func `a load gives way once another engine computes, and not before`() async throws {
        // Threads of its own, since they do not get their priority back.
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let seen = try await threads.runIfActive {
            let resources = EngineResources(threadCount: 2)
            let crew = LoadingCrew(resources)
            crew.giveWayWhereNeeded()
            let alone = (crew.givesWay, ThreadPriority.currentNiceness)
            let share = resources.gate.join()
            share.turn {}
            crew.giveWayWhereNeeded()
            return [
                alone.0, alone.1 == ThreadPriority.backgroundNiceness, crew.givesWay,
                ThreadPriority.currentNiceness == ThreadPriority.backgroundNiceness,
            ]
        }
        try await threads.shutdownGracefully()
        #expect(seen == [false, false, true, true])
    }
    #endif
}
