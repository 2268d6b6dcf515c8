/// What vLLM has no name for.
extension PrometheusText {
    mutating func addLife(
        _ totals: EngineTotals, _ gauges: EngineGauges, _ labels: PrometheusLabels,
        now: ContinuousClock.Instant
    ) {
        counter(
            "martlet:requests_admitted", "Requests that came in.", labels, totals.admittedCount)
        counter("martlet:steps", "Steps taken.", labels, totals.stepCount)
        counter("martlet:steps_failed", "Steps that failed.", labels, totals.failedStepCount)
        counter(
            "martlet:engine_restarts", "Times that the engine's core was made anew.", labels,
            totals.restartCount)
        if let last = totals.lastStepTime {
            gauge(
                "martlet:seconds_since_last_step", "Seconds since a step has ended.", labels,
                max(0, (now - last).seconds))
        }
        histogram(
            "martlet:step_duration_seconds", "Seconds that a step takes.", labels,
            totals.histograms.stepDuration)
        gauge(
            "martlet:weight_memory_bytes", "Bytes of weights in memory.", labels,
            Double(gauges.weightByteCount))
        gauge(
            "martlet:kv_cache_memory_bytes", "Bytes of the KV cache in memory.", labels,
            Double(gauges.cacheByteCount))
        if let fragmentation = gauges.cacheFragmentation {
            gauge(
                "martlet:kv_cache_fragmentation",
                "Share of room in held blocks that no token takes up, 0 to 1.", labels,
                fragmentation)
        }
        if let store = gauges.prefixStore { add(store, labels) }
    }

    private mutating func add(_ store: PrefixStoreStatistics, _ labels: PrometheusLabels) {
        gauge(
            "martlet:prefix_store_files", "Files of the prefix cache on disk.", labels,
            Double(store.fileCount))
        gauge(
            "martlet:prefix_store_bytes", "Their size.", labels, Double(store.byteCount))
        let counts = [
            ("hits", "Blocks that were asked for and read.", store.hitCount),
            ("misses", "Blocks that were asked for and not there.", store.missCount),
            ("corrupt", "Files that were damaged, and deleted.", store.corruptCount),
            ("written", "Blocks written.", store.writtenCount),
            ("dropped", "Blocks that could not be written.", store.droppedCount),
            ("evicted", "Files deleted to make room.", store.evictedCount),
        ]
        for (name, help, count) in counts {
            counter("martlet:prefix_store_\(name)", help, labels, count)
        }
    }
}
