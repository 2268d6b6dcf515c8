import MartletJSON
import Testing
import martlet

@Suite struct LoadTests {
    private func outcome(_ events: [(Double, String)]) throws -> RequestOutcome {
        var outcome = RequestOutcome()
        for (seconds, text) in events {
            outcome.duration = seconds
            try outcome.note(try JSONValue(parsing: text.utf8), at: seconds)
        }
        return outcome
    }

    @Test(
        arguments: [
            ("1:4", "1:4:128:64"), ("16:48:1:2", "16:48:1:2"), ("100:100:1000000:1", nil),
            ("", nil), ("4", nil), ("0:4", nil), ("1:4:5", nil), ("1:4:5:6:7", nil),
            ("1:-4", nil), ("a:4", nil), ("1::4", nil), ("1:1000001", nil),
        ] as [(String, String?)])
    func `a load is read as it is written`(_ text: String, _ expected: String?) {
        let isLarge = text == "100:100:1000000:1"
        #expect(LoadShape(parsing: text)?.description == (isLarge ? text : expected))
    }

    @Test func `tokens are those of usage, not chunks`() throws {
        let outcome = try outcome([
            (1, #"{"choices":[{"text":"ab"}]}"#),
            (3, #"{"choices":[{"text":"cd","finish_reason":"length"}]}"#),
            (4, #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}}"#),
        ])
        #expect(outcome.outputTokenCount == 5)
        #expect(outcome.promptTokenCount == 7)
        #expect(outcome.firstToken == 1)
        #expect(outcome.intervals == [2])
        #expect(outcome.perOutputToken == 0.5)
    }

    @Test func `a closing chunk without text is no token, a held-back one is`() throws {
        let outcome = try outcome([
            (1, #"{"choices":[{"text":"","finish_reason":null}]}"#),
            (2, #"{"choices":[{"text":"é"}],"error":null}"#),
            (3, #"{"choices":[{"text":"","finish_reason":"length"}]}"#),
        ])
        #expect(outcome.arrivals == [1, 2])
        #expect(outcome.reportedTokenCount == nil)
        #expect(outcome.outputTokenCount == 2)
    }

    @Test func `an error within a stream is a failure`() {
        #expect(throws: RequestFailure.self) {
            try outcome([(1, #"{"error":{"message":"no"}}"#)])
        }
    }

    @Test func `failures and odd answers are counted and shown`() throws {
        let shape = LoadShape(concurrency: 2, requestCount: 5, inputLength: 3, outputLength: 2)
        var report = LoadReport(model: "m", shape: shape)
        let whole = try outcome([
            (1, #"{"choices":[{"text":"a"}]}"#), (2, #"{"choices":[{"text":"b"}]}"#),
            (2, #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#),
        ])
        report.add(.success(whole))
        report.add(.success(try outcome([(4, #"{"choices":[{"text":"a"}]}"#)])))
        for message in ["x", "y", "y"] { report.add(.failure(RequestFailure(message))) }
        report.seconds = 2
        #expect(report.completedCount == 2)
        #expect(report.failedCount == 3)
        #expect(report.commonestFailure == "y")
        #expect(report.outputTokenCount == 3)
        #expect(report.outputTokensPerSecond == 1.5)
        #expect(report.timeToFirstToken.median == 2.5)
        #expect(report.unreportedCount == 1)
        #expect(report.otherLengthCount == 1)
        #expect(report.text.contains("2 of 5 requests to m in 2.0 s, 3 failed\n"))
        #expect(report.text.contains("failed 2 times: y\n"))
        #expect(report.json["failed"] == .integer(3))
    }

    @Test func `a report of nothing has no figures`() {
        let shape = LoadShape(concurrency: 1, requestCount: 1, inputLength: 1, outputLength: 1)
        let report = LoadReport(model: "m", shape: shape)
        #expect(report.outputTokensPerSecond == 0)
        #expect(report.endToEnd.p99 == 0)
        #expect(report.commonestFailure == nil)
    }

    @Test func `percentiles are NumPy's`() {
        // numpy.percentile([4, 1, 3, 2], [50, 90, 99])
        let summary = LatencySummary([4, 1, 3, 2])
        #expect(summary.mean == 2.5)
        #expect(summary.median == 2.5)
        #expect(abs(summary.p90 - 3.7) < 1e-12)
        #expect(abs(summary.p99 - 3.97) < 1e-12)
    }

    @Test func `events are found however the bytes are cut`() {
        let text = "data: {\"a\":1}\r\n\r\n: note\ndata:{\"a\":2}\n\ndata: [DONE]\n\n"
        for size in 1...text.utf8.count {
            var parser = EventParser()
            var events: [JSONValue] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                events += parser.append(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            #expect(events == [["a": 1], ["a": 2]], "pieces of \(size) bytes")
            #expect(parser.hasEnded)
        }
    }
}
