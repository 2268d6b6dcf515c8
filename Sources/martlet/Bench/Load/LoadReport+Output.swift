package import MartletJSON

extension LoadReport {
    /// The report for people.
    package var text: String {
        var text = "\(completedCount) of \(shape.requestCount) requests to \(model) in "
        text += "\(seconds.rounded(to: 2)) s, \(failedCount) failed\n"
        for (failure, count) in failures.sorted(by: { $0.value > $1.value }).prefix(3) {
            text += "failed \(count) times: \(failure)\n"
        }
        for remark in remarks { text += "note: \(remark)\n" }
        text += "\(requestsPerSecond.rounded(to: 2)) requests/s, "
        text += "\(outputTokensPerSecond.rounded(to: 1)) output tokens/s, "
        text += "\(totalTokensPerSecond.rounded(to: 1)) tokens/s\n\n"
        var table = TextTable()
        table.add(LatencySummary.heads)
        table.add(timeToFirstToken.row("TTFT"))
        table.add(timePerOutputToken.row("TPOT"))
        table.add(interTokenLatency.row("ITL"))
        table.add(endToEnd.row("E2E"))
        return text + table.text
    }

    /// What makes figures mean something else than they seem to.
    package var remarks: [String] {
        var remarks: [String] = []
        if unreportedCount > 0 {
            remarks.append(
                "\(unreportedCount) answers came without usage; their chunks count as tokens")
        }
        if otherLengthCount > 0 {
            remarks.append(
                "\(otherLengthCount) answers were not \(shape.outputLength) tokens long; "
                    + "the server may not know ignore_eos, or its context is too short")
        }
        return remarks
    }

    /// The report for scripts.
    package var json: JSONValue {
        [
            "model": .string(model), "load": .string(shape.description),
            "concurrency": .integer(shape.concurrency), "requests": .integer(shape.requestCount),
            "completed": .integer(completedCount), "failed": .integer(failedCount),
            "elapsed_seconds": .number(seconds),
            "prompt_tokens": .integer(promptTokenCount),
            "output_tokens": .integer(outputTokenCount),
            "answers_without_usage": .integer(unreportedCount),
            "answers_of_other_length": .integer(otherLengthCount),
            "requests_per_second": .number(requestsPerSecond),
            "output_tokens_per_second": .number(outputTokensPerSecond),
            "total_tokens_per_second": .number(totalTokensPerSecond),
            "ttft_ms": timeToFirstToken.json, "tpot_ms": timePerOutputToken.json,
            "itl_ms": interTokenLatency.json, "e2e_ms": endToEnd.json,
        ]
    }
}
