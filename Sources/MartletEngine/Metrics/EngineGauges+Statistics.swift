extension EngineGauges {
    /// Gauges with what an engine's statistics say.
    public init(_ statistics: EngineStatistics) {
        self.init()
        runningCount = statistics.runningCount
        waitingCount = statistics.waitingCount
        deferredCount = statistics.deferredCount
        cacheFragmentation = statistics.cacheFragmentation
        cacheUsage = statistics.cacheUsage
        prefixCacheQueryCount = statistics.prefixCacheQueryCount
        prefixCacheHitCount = statistics.prefixCacheHitCount
        blockCount = statistics.blockCount
        isAsleep = statistics.activity == .sleeping
    }
}
