import MartletEngine
import Testing

@Suite struct EngineTextTests {
    private let start = ContinuousClock.now

    private func text(gauges: EngineGauges = EngineGauges(), models: [String] = ["m"]) -> String {
        let metrics = EngineMetrics()
        let events: [(UInt64, EngineEvent.Kind)] = [
            (1, .admitted(promptTokenCount: 10, maximumTokenCount: nil)),
            (1, .scheduled(cachedTokenCount: 4)), (1, .firstToken),
            (1, .finished(.cancelled(.disconnect), promptTokenCount: 10, generationTokenCount: 1)),
            (2, .admitted(promptTokenCount: 2, maximumTokenCount: 7)),
            (2, .finished(.failed(.stepFailed), promptTokenCount: 2, generationTokenCount: 0)),
            (0, .refused(.queueSize)),
            (0, .stepCompleted(tokenCount: 12, sequenceCount: 1, duration: .milliseconds(3))),
        ]
        metrics.observe(events.map { EngineEvent($0.1, request: $0.0, time: start) })
        var text = PrometheusText()
        for model in models {
            text.add(metrics.totals, gauges, modelName: model, now: start + .seconds(2))
        }
        return text.text
    }

    private func expectLines(_ lines: [String], in text: String) {
        let found = Set(text.split(separator: "\n").map(String.init))
        for line in lines { #expect(found.contains(line), "\(line)") }
    }

    @Test func `gauges have vLLM's names, old and new`() {
        var gauges = EngineGauges()
        gauges.runningCount = 3
        gauges.waitingCount = 5
        gauges.deferredCount = 2
        gauges.cacheUsage = 0.25
        gauges.prefixCacheQueryCount = 8
        gauges.prefixCacheHitCount = 6
        gauges.blockSize = 16
        gauges.blockCount = 100
        gauges.cacheConfiguration = ["cache_dtype": "bfloat16"]
        let labels = #"{engine="0",model_name="m"}"#
        expectLines(
            [
                "vllm:num_requests_running\(labels) 3.0",
                "vllm:num_requests_waiting\(labels) 5.0",
                #"vllm:num_requests_waiting_by_reason{engine="0",model_name="m",reason="capacity"} 3.0"#,
                #"vllm:num_requests_waiting_by_reason{engine="0",model_name="m",reason="deferred"} 2.0"#,
                #"vllm:engine_sleep_state{engine="0",model_name="m",sleep_state="awake"} 1.0"#,
                #"vllm:engine_sleep_state{engine="0",model_name="m",sleep_state="discard_all"} 0.0"#,
                "vllm:kv_cache_usage_perc\(labels) 0.25",
                "vllm:gpu_cache_usage_perc\(labels) 0.25",
                "vllm:gpu_prefix_cache_hit_rate\(labels) 0.75",
                "vllm:prefix_cache_queries_total\(labels) 8.0",
                "vllm:prefix_cache_hits_total\(labels) 6.0",
                "vllm:gpu_prefix_cache_queries_total\(labels) 8.0",
                "vllm:gpu_prefix_cache_hits_total\(labels) 6.0",
                #"vllm:cache_config_info{block_size="16",cache_dtype="bfloat16",engine="0","#
                    + #"kv_cache_size_tokens="1600",num_gpu_blocks="100"} 1.0"#,
            ], in: text(gauges: gauges))
    }

    @Test func `totals have vLLM's names, and ours where it has none`() {
        let labels = #"{engine="0",model_name="m"}"#
        expectLines(
            [
                "vllm:prompt_tokens_total\(labels) 10.0",
                "vllm:prompt_tokens_cached_total\(labels) 4.0",
                #"vllm:prompt_tokens_by_source_total{engine="0",model_name="m",source="local_compute"} 6.0"#,
                "vllm:generation_tokens_total\(labels) 1.0",
                #"vllm:request_success_total{engine="0",finished_reason="stop",model_name="m"} 0.0"#,
                #"vllm:request_success_total{engine="0",finished_reason="abort",model_name="m"} 1.0"#,
                #"vllm:request_success_total{engine="0",finished_reason="error",model_name="m"} 1.0"#,
                #"vllm:admission_rejections_total{model_name="m",reason="max_num_queued_reqs"} 1.0"#,
                #"vllm:admission_rejections_total{model_name="m",reason="max_num_queued_tokens"} 0.0"#,
                "vllm:num_preemptions_total\(labels) 0.0",
                #"vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="m"} 1.0"#,
                #"vllm:iteration_tokens_total_bucket{engine="0",le="8.0",model_name="m"} 0.0"#,
                #"vllm:iteration_tokens_total_bucket{engine="0",le="16.0",model_name="m"} 1.0"#,
                #"vllm:request_prompt_tokens_bucket{engine="0",le="20.0",model_name="m"} 0.0"#,
                #"martlet:requests_cancelled_total{cause="disconnect",engine="0",model_name="m"} 1.0"#,
                #"martlet:requests_cancelled_total{cause="slow_reader",engine="0",model_name="m"} 0.0"#,
                #"martlet:requests_failed_total{code="stepFailed",engine="0",model_name="m"} 1.0"#,
                "martlet:seconds_since_last_step\(labels) 2.0",
                "martlet:engine_restarts_total\(labels) 0.0",
            ], in: text())
    }

    @Test func `buckets of token counts end with the model's context`() throws {
        var gauges = EngineGauges()
        gauges.maximumModelLength = 30
        let metrics = EngineMetrics()
        for (request, count) in [3, 25, 29].enumerated() {
            let kinds: [EngineEvent.Kind] = [
                .admitted(promptTokenCount: count, maximumTokenCount: nil),
                .finished(.finished(.stop), promptTokenCount: count, generationTokenCount: 0),
            ]
            metrics.observe(
                kinds.map { EngineEvent($0, request: UInt64(request), time: start) })
        }
        var text = PrometheusText()
        text.add(metrics.totals, gauges, modelName: "m")
        let lines = text.text.split(separator: "\n").filter {
            $0.hasPrefix("vllm:request_prompt_tokens_")
        }
        let counts = lines.compactMap { $0.split(separator: " ").last }
        let bounds = lines.compactMap { $0.split(separator: "\"").dropFirst(3).first }
        #expect(bounds.prefix(6) == ["1.0", "2.0", "5.0", "10.0", "20.0", "+Inf"])
        #expect(counts == ["0.0", "0.0", "1.0", "1.0", "1.0", "3.0", "3.0", "57.0"])
    }

    @Test func `the prefix cache on disk is told of where there is one`() {
        #expect(!text().contains("prefix_store"))
        var gauges = EngineGauges()
        gauges.blockSize = 16
        var store = PrefixStoreStatistics()
        store.fileCount = 7
        store.hitCount = 2
        store.missCount = 3
        gauges.prefixStore = store
        let labels = #"{engine="0",model_name="m"}"#
        expectLines(
            [
                "martlet:prefix_store_files\(labels) 7.0",
                "martlet:prefix_store_hits_total\(labels) 2.0",
                "vllm:external_prefix_cache_queries_total\(labels) 80.0",
                "vllm:external_prefix_cache_hits_total\(labels) 32.0",
            ], in: text(gauges: gauges))
    }

    @Test func `every series of several models is there once, below its only explanation`() {
        let lines = text(models: ["a", "b"]).split(separator: "\n")
        var explained: Set<Substring> = []
        var series: Set<Substring> = []
        var family: Substring = ""
        for line in lines {
            let words = line.split(separator: " ")
            if line.hasPrefix("# HELP ") {
                #expect(explained.insert(words[2]).inserted, "\(line)")
            } else if line.hasPrefix("# TYPE ") {
                family = words[2]
            } else {
                #expect(line.hasPrefix(family), "\(line)")
                #expect(series.insert(words.dropLast().joined(separator: " ")[...]).inserted)
                #expect(Double(words[words.count - 1]) != nil, "\(line)")
            }
        }
        #expect(explained.count > 40)
        #expect(series.count { $0.contains(#"model_name="a""#) } > 300)
    }
}
