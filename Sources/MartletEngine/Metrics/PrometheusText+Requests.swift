extension PrometheusText {
    mutating func addTokens(_ totals: EngineTotals, _ labels: PrometheusLabels) {
        counter(
            "vllm:num_preemptions", "Times that a request lost its KV cache blocks to another.",
            labels, totals.preemptionCount)
        counter("vllm:prompt_tokens", "Tokens of prompts.", labels, totals.promptTokenCount)
        let sources = [
            ("local_compute", totals.promptTokenCount - totals.cachedPromptTokenCount),
            ("local_cache_hit", totals.cachedPromptTokenCount),
        ]
        for (source, count) in sources {
            counter(
                "vllm:prompt_tokens_by_source", "Tokens of prompts, by where they come from.",
                labels.adding("source", source), count)
        }
        counter(
            "vllm:prompt_tokens_cached", "Tokens of prompts from the prefix cache.", labels,
            totals.cachedPromptTokenCount)
        counter(
            "vllm:generation_tokens", "Tokens generated.", labels, totals.generationTokenCount)
    }

    mutating func addEndings(_ totals: EngineTotals, _ labels: PrometheusLabels) {
        // vLLM does not count what its clients broke off; here it is an abort.
        let reasons = [
            ("stop", totals.finishedCounts[.stop] ?? 0),
            ("length", totals.finishedCounts[.length] ?? 0),
            (
                "abort",
                (totals.finishedCounts[.abort] ?? 0)
                    + totals.cancelledCounts.values.reduce(0, +)
            ),
            ("error", totals.failedCounts.values.reduce(0, +)),
            ("timeout", totals.finishedCounts[.timeout] ?? 0),
        ]
        for (reason, count) in reasons {
            counter(
                "vllm:request_success", "Requests that ended, by reason.",
                labels.adding("finished_reason", reason), count)
        }
        for cause in CancellationCause.allCases {
            counter(
                "martlet:requests_cancelled", "Requests broken off, by who or what did it.",
                labels.adding("cause", cause.rawValue), totals.cancelledCounts[cause] ?? 0)
        }
        let failures = totals.failedCounts.sorted { $0.key.description < $1.key.description }
        for (code, count) in failures {
            counter(
                "martlet:requests_failed", "Requests that ended with an error, by its kind.",
                labels.adding("code", code.description), count)
        }
    }

    mutating func addRefusals(_ totals: EngineTotals, _ labels: PrometheusLabels) {
        for reason in AdmissionRefusal.allCases {
            counter(
                "vllm:admission_rejections", "Requests that were not admitted, by reason.",
                labels.adding("reason", reason.rawValue), totals.refusedCounts[reason] ?? 0)
        }
    }

    mutating func addTimes(_ histograms: EngineHistograms, _ labels: PrometheusLabels) {
        let families = [
            (
                "time_to_first_token", "Seconds from arrival to the first token.",
                histograms.timeToFirstToken
            ),
            (
                "inter_token_latency", "Seconds between two outputs of a request.",
                histograms.interTokenLatency
            ),
            (
                "request_time_per_output_token", "Mean seconds for a token after the first.",
                histograms.timePerOutputToken
            ),
            (
                "e2e_request_latency", "Seconds from arrival to the end.",
                histograms.requestLatency
            ),
            (
                "request_queue_time", "Seconds from admission to the first step.",
                histograms.queueTime
            ),
            (
                "request_inference_time", "Seconds from the first step to the last token.",
                histograms.inferenceTime
            ),
            (
                "request_prefill_time", "Seconds from the first step to the first token.",
                histograms.prefillTime
            ),
            (
                "request_decode_time", "Seconds from the first token to the last.",
                histograms.decodeTime
            ),
        ]
        for (name, help, values) in families {
            histogram("vllm:\(name)_seconds", help, labels, values)
        }
    }

    mutating func addTokenCounts(
        _ histograms: EngineHistograms, _ labels: PrometheusLabels, limit: Int?
    ) {
        let families = [
            ("prompt_tokens", "Tokens of the prompt.", histograms.promptTokens),
            (
                "prefill_kv_computed_tokens", "Tokens of the prompt that were computed.",
                histograms.computedPromptTokens
            ),
            ("generation_tokens", "Tokens generated.", histograms.generationTokens),
            (
                "max_num_generation_tokens",
                "Tokens generated; all completions of a request count as one.",
                histograms.generationTokens
            ),
            ("params_max_tokens", "The limit of tokens.", histograms.maximumTokens),
        ]
        for (name, help, values) in families {
            let values = limit.map { values.cut(above: Double($0)) } ?? values
            histogram("vllm:request_\(name)", help, labels, values)
        }
    }

    mutating func addSizes(_ histograms: EngineHistograms, _ labels: PrometheusLabels) {
        let families = [
            ("request_params_n", "Completions of a request.", histograms.choices),
            (
                "request_num_preemptions", "Times that the request lost its KV cache blocks.",
                histograms.preemptions
            ),
            ("iteration_tokens_total", "Tokens in a step.", histograms.iterationTokens),
        ]
        for (name, help, values) in families {
            histogram("vllm:\(name)", help, labels, values)
        }
    }
}
