import MartletEngine
import Testing

@Suite struct ThroughputLineTests {
    private let empty = EngineTotals()

    @Test func `the line is vLLM's`() {
        var (before, after) = (empty, empty)
        before.promptTokenCount = 1000
        before.generationTokenCount = 50
        after.promptTokenCount = 1255
        after.generationTokenCount = 101
        var (old, new) = (EngineGauges(), EngineGauges())
        old.prefixCacheQueryCount = 100
        new.prefixCacheQueryCount = 300
        new.prefixCacheHitCount = 25
        new.runningCount = 2
        new.waitingCount = 4
        new.cacheUsage = 0.125
        let line = ThroughputLine(
            from: (before, old), to: (after, new), duration: .seconds(10))
        #expect(
            line.description
                == "Engine 000: Avg prompt throughput: 25.5 tokens/s, "
                + "Avg generation throughput: 5.1 tokens/s, Running: 2 reqs, Waiting: 4 reqs, "
                + "GPU KV cache usage: 12.5%, Prefix cache hit rate: 12.5%")
        #expect(!line.isIdle)
    }

    @Test func `what is rare is told when it happens`() {
        var after = empty
        after.preemptionCount = 3
        var gauges = EngineGauges()
        gauges.waitingCount = 1
        gauges.deferredCount = 1
        let line = ThroughputLine(
            from: (empty, EngineGauges()), to: (after, gauges), duration: .seconds(10), engine: 12)
        #expect(
            line.description
                == "Engine 012: Avg prompt throughput: 0.0 tokens/s, "
                + "Avg generation throughput: 0.0 tokens/s, Running: 0 reqs, Waiting: 1 reqs, "
                + "Deferred: 1 reqs, Preemptions: 3, "
                + "GPU KV cache usage: 0.0%, Prefix cache hit rate: 0.0%")
    }

    @Test func `between two looks without queries the rate is that of all`() {
        var gauges = EngineGauges()
        gauges.prefixCacheQueryCount = 8
        gauges.prefixCacheHitCount = 2
        let line = ThroughputLine(
            from: (empty, gauges), to: (empty, gauges), duration: .zero)
        #expect(line.prefixCacheHitRate == 0.25)
        #expect(line.isIdle)
        #expect(line.promptThroughput == 0)
    }
}
