import MartletJSON
import Testing
import martlet

@Suite struct ComparisonTests {
    private let load = LoadShape(
        concurrency: 1, requestCount: 1, inputLength: 3, outputLength: 10)

    /// A load of one request with ten tokens that took `seconds`.
    private func measurement(_ seconds: Double, cpu: Double? = nil) throws -> LoadMeasurement {
        var report = LoadReport(model: "m", shape: load)
        var outcome = RequestOutcome()
        try outcome.note(["choices": [["text": "a"]]], at: seconds / 2)
        try outcome.note(["choices": [["text": "b"]]], at: seconds)
        try outcome.note(
            ["choices": [], "usage": ["prompt_tokens": 3, "completion_tokens": 10]], at: seconds)
        outcome.duration = seconds
        report.add(.success(outcome))
        report.seconds = seconds
        var measurement = LoadMeasurement(report: report)
        measurement.serverSeconds = cpu
        return measurement
    }

    private func failed(_ message: String) -> LoadMeasurement {
        var report = LoadReport(model: "m", shape: load)
        report.add(.failure(RequestFailure(message)))
        report.seconds = 1
        return LoadMeasurement(report: report)
    }

    @Test func `the middle of figures, even and odd in number`() {
        #expect(Spread([])?.median == nil)
        #expect(Spread([3])?.text == "3.0")
        #expect(Spread([0, 1234.6])?.text == "617.3 (0 to 1235)")
        #expect(Spread([0.01234])?.text == "0.0123")
        #expect(Spread([3, 1, 2])?.median == 2)
        #expect(Spread([4, 1, 2, 3])?.median == 2.5)
        #expect(Spread([4, 1, 2, 3])?.text == "2.5 (1.0 to 4.0)")
    }

    @Test func `each server comes first as often as the other`() {
        let firsts = (0..<4).map { Comparison.order(round: $0)[0] }
        #expect(firsts == [.subject, .peer, .subject, .peer])
        #expect((0..<4).allSatisfy { Set(Comparison.order(round: $0)).count == 2 })
    }

    @Test func `ratios are of the same round, so that a slow round changes none`() throws {
        var comparison = Comparison(loads: [load], roundCount: 3)
        for (round, slowness) in [1.0, 10, 2].enumerated() {
            let subject = try measurement(slowness, cpu: slowness)
            let peer = try measurement(2 * slowness, cpu: slowness)
            comparison.add(subject, load: load, side: .subject, round: round)
            comparison.add(peer, load: load, side: .peer, round: round)
        }
        #expect(comparison.ratios(.outputTokensPerSecond, load: load) == [2, 2, 2])
        #expect(comparison.ratios(.firstTokenMedian, load: load) == [0.5, 0.5, 0.5])
        #expect(comparison.ratios(.processorTimePerToken, load: load) == [1, 1, 1])
        let figures = comparison.figures(.processorTimePerToken, load: load, side: .subject)
        #expect(figures == [100, 1000, 200])
        #expect(comparison.ratios(.failedRequests, load: load).isEmpty)
        #expect(comparison.figures(.peakResident, load: load, side: .peer).isEmpty)
    }

    @Test func `what failed has no latency, and is told`() throws {
        var comparison = Comparison(loads: [load], roundCount: 2)
        comparison.add(failed("cut"), load: load, side: .subject, round: 0)
        comparison.add(try measurement(1), load: load, side: .subject, round: 1)
        comparison.add(try measurement(1), load: load, side: .peer, round: 0)
        #expect(comparison.figures(.endToEndMedian, load: load, side: .subject) == [1000])
        #expect(comparison.ratios(.endToEndMedian, load: load).isEmpty)
        #expect(comparison.figures(.failedRequests, load: load, side: .subject) == [1, 0])
        #expect(comparison.remarks(load: load, side: .subject) == ["1 failed: cut"])
        let text = comparison.text(subject: "a", peer: "b")
        #expect(text.contains("note: a: 1 failed: cut\n"))
        #expect(text.contains("1 concurrent, 1 requests, 3 tokens in, 10 out"))
    }

    @Test func `the document has every round's figure`() throws {
        var comparison = Comparison(loads: [load], roundCount: 2)
        for round in 0..<2 {
            let seconds = Double(round + 1)
            comparison.add(
                try measurement(seconds), load: load, side: .subject, round: round)
            comparison.add(try measurement(1), load: load, side: .peer, round: round)
        }
        let metrics = comparison.json.array?.first?["metrics"]?.array ?? []
        let rate = metrics.first { $0["name"]?.string == "output_tokens_per_second" }
        #expect(rate?["subject"]?["rounds"] == [.number(10), .number(5)])
        #expect(rate?["ratio"]?["median"] == .number(0.75))
        #expect(!metrics.contains { $0["name"]?.string == "peak_rss_mib" })
    }

    @Test func `columns of a table line up`() {
        var table = TextTable()
        table.add(["", "x", "yyy"])
        table.add(["name", "1.25", "2"])
        #expect(table.text == "         x  yyy\nname  1.25    2\n")
    }
}
