extension PrometheusText {
    /// Adds all metrics of an engine, under vLLM's names where vLLM has them.
    ///
    /// - Parameters:
    ///   - totals: What the engine has counted.
    ///   - gauges: What the engine is like at the moment.
    ///   - now: The present moment.
    ///   - modelName: The name under which the model is served.
    ///   - engine: The engine's number among those of one model.
    public mutating func add(
        _ totals: EngineTotals, _ gauges: EngineGauges, modelName: String, engine: String = "0",
        now: ContinuousClock.Instant = .now
    ) {
        let labels = PrometheusLabels(modelName: modelName, engine: engine)
        addQueues(gauges, labels)
        addCache(gauges, labels)
        addPrefixCache(gauges, labels)
        addTokens(totals, labels)
        addEndings(totals, labels)
        addRefusals(totals, PrometheusLabels(["model_name": modelName]))
        addTimes(totals.histograms, labels)
        addTokenCounts(totals.histograms, labels, limit: gauges.maximumModelLength)
        addSizes(totals.histograms, labels)
        addCacheConfiguration(gauges, engine: engine)
        addLife(totals, gauges, labels, now: now)
    }

    private mutating func addQueues(_ gauges: EngineGauges, _ labels: PrometheusLabels) {
        gauge(
            "vllm:num_requests_running", "Sequences that take part in steps.", labels,
            Double(gauges.runningCount))
        gauge(
            "vllm:num_requests_waiting", "Sequences that wait.", labels,
            Double(gauges.waitingCount))
        let reasons = [
            ("capacity", gauges.waitingCount - gauges.deferredCount),
            ("deferred", gauges.deferredCount),
        ]
        for (reason, count) in reasons {
            gauge(
                "vllm:num_requests_waiting_by_reason",
                "Sequences that wait, by what they wait for.", labels.adding("reason", reason),
                Double(count))
        }
        let states = [
            ("awake", !gauges.isAsleep), ("weights_offloaded", false),
            ("discard_all", gauges.isAsleep),
        ]
        for (state, isCurrent) in states {
            gauge(
                "vllm:engine_sleep_state", "1 for the state that the engine is in.",
                labels.adding("sleep_state", state), isCurrent ? 1 : 0)
        }
    }

    private mutating func addCache(_ gauges: EngineGauges, _ labels: PrometheusLabels) {
        gauge(
            "vllm:kv_cache_usage_perc", "Share of KV cache blocks in use, 0 to 1.", labels,
            gauges.cacheUsage)
        gauge(
            "vllm:gpu_cache_usage_perc", "Former name of vllm:kv_cache_usage_perc.", labels,
            gauges.cacheUsage)
        gauge(
            "vllm:gpu_prefix_cache_hit_rate",
            "Share of prompt tokens found in the prefix cache, 0 to 1.", labels,
            gauges.prefixCacheHitRate)
    }

    private mutating func addPrefixCache(_ gauges: EngineGauges, _ labels: PrometheusLabels) {
        let (queries, hits) = (gauges.prefixCacheQueryCount, gauges.prefixCacheHitCount)
        counter(
            "vllm:prefix_cache_queries", "Prompt tokens looked up in the prefix cache.", labels,
            queries)
        counter("vllm:prefix_cache_hits", "Prompt tokens found there.", labels, hits)
        counter(
            "vllm:gpu_prefix_cache_queries", "Former name of vllm:prefix_cache_queries.", labels,
            queries)
        counter(
            "vllm:gpu_prefix_cache_hits", "Former name of vllm:prefix_cache_hits.", labels, hits)
        guard let store = gauges.prefixStore else { return }
        counter(
            "vllm:external_prefix_cache_queries",
            "Prompt tokens looked up in the prefix cache on disk.", labels,
            (store.hitCount + store.missCount) * gauges.blockSize)
        counter(
            "vllm:external_prefix_cache_hits", "Prompt tokens found there.", labels,
            store.hitCount * gauges.blockSize)
    }

    private mutating func addCacheConfiguration(_ gauges: EngineGauges, engine: String) {
        var facts = gauges.cacheConfiguration
        facts["engine"] = engine
        facts["block_size"] = String(gauges.blockSize)
        facts["num_gpu_blocks"] = String(gauges.blockCount)
        facts["kv_cache_size_tokens"] = String(gauges.blockSize * gauges.blockCount)
        info("vllm:cache_config_info", "The KV cache's configuration.", PrometheusLabels(facts))
    }
}
