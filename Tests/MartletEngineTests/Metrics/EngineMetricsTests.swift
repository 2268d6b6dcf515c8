import MartletEngine
import Testing

@Suite struct EngineMetricsTests {
    private let metrics = EngineMetrics()
    private let start = ContinuousClock.now

    private func tell(request: UInt64 = 1, _ events: (Double, EngineEvent.Kind)...) {
        metrics.observe(
            events.map {
                EngineEvent($0.1, request: request, time: start + .seconds($0.0))
            })
    }

    private func admitted(_ count: Int = 10, choices: Int = 1) -> EngineEvent.Kind {
        .admitted(
            promptTokenCount: count, maximumTokenCount: 20, arrival: start, choiceCount: choices)
    }

    @Test func `a request's times are taken apart`() {
        tell(
            (1, admitted()), (3, .scheduled(cachedTokenCount: 8)), (7, .firstToken),
            (8, .tokens(count: 1)), (15, .tokens(count: 1)),
            (16, .finished(.finished(.stop), promptTokenCount: 10, generationTokenCount: 3)))
        let histograms = metrics.totals.histograms
        let sums: [(Histogram, Double)] = [
            (histograms.timeToFirstToken, 7), (histograms.interTokenLatency, 8),
            (histograms.timePerOutputToken, 4), (histograms.requestLatency, 16),
            (histograms.queueTime, 2), (histograms.prefillTime, 4), (histograms.decodeTime, 8),
            (histograms.inferenceTime, 12), (histograms.promptTokens, 10),
            (histograms.computedPromptTokens, 2), (histograms.generationTokens, 3),
            (histograms.maximumTokens, 20), (histograms.choices, 1), (histograms.preemptions, 0),
        ]
        for (index, (histogram, sum)) in sums.enumerated() {
            #expect(abs(histogram.sum - sum) < 1e-9, "\(index)")
        }
        #expect(histograms.interTokenLatency.count == 2)
        #expect(histograms.requestLatency.count == 1)
    }

    @Test func `tokens are counted by where they come from`() {
        tell(
            request: 1, (0, admitted(10)), (0, .scheduled(cachedTokenCount: 8)), (1, .firstToken),
            (2, .tokens(count: 3)))
        tell(request: 2, (0, admitted(5)), (0, .scheduled(cachedTokenCount: 0)))
        let totals = metrics.totals
        #expect(totals.admittedCount == 2)
        #expect(totals.promptTokenCount == 10)
        #expect(totals.cachedPromptTokenCount == 8)
        #expect(totals.generationTokenCount == 4)
    }

    @Test func `every kind of ending is counted and the request forgotten`() {
        let outcomes: [RequestOutcome] = [
            .finished(.length), .cancelled(.disconnect), .failed(.stepFailed), .finished(.timeout),
        ]
        for (index, outcome) in outcomes.enumerated() {
            tell(
                request: UInt64(index), (0, admitted()),
                (1, .finished(outcome, promptTokenCount: 10, generationTokenCount: 0)))
        }
        let totals = metrics.totals
        #expect(totals.finishedCounts == [.length: 1, .timeout: 1])
        #expect(totals.cancelledCounts == [.disconnect: 1])
        #expect(totals.failedCounts == [.stepFailed: 1])
        #expect(totals.histograms.requestLatency.count == 2)
        #expect(metrics.followedCount == 0)
    }

    @Test func `a request that was never scheduled has no times of work`() {
        tell(
            (0, admitted()),
            (9, .finished(.finished(.abort), promptTokenCount: 10, generationTokenCount: 0)))
        let histograms = metrics.totals.histograms
        #expect(histograms.requestLatency.sum == 9)
        #expect(histograms.queueTime.count == 0)
        #expect(histograms.prefillTime.count == 0)
    }

    @Test func `preemptions are counted, and the first step stays the first`() {
        tell(
            (0, admitted()), (1, .scheduled(cachedTokenCount: 0)), (2, .preempted),
            (5, .scheduled(cachedTokenCount: 4)), (6, .firstToken),
            (6, .finished(.finished(.stop), promptTokenCount: 10, generationTokenCount: 1)))
        let totals = metrics.totals
        #expect(totals.preemptionCount == 1)
        #expect(totals.histograms.preemptions.sum == 1)
        #expect(totals.histograms.queueTime.sum == 1)
        #expect(totals.histograms.timePerOutputToken.count == 0)
    }

    @Test func `of several completions there are no intervals`() {
        tell(
            (0, admitted(choices: 2)), (1, .scheduled(cachedTokenCount: 0)), (2, .firstToken),
            (2, .tokens(count: 1)), (3, .tokens(count: 1)))
        #expect(metrics.totals.histograms.interTokenLatency.count == 0)
        #expect(metrics.totals.generationTokenCount == 3)
    }

    @Test func `steps, failures, restarts and refusals are counted`() {
        let step = EngineEvent.Kind.stepCompleted(
            tokenCount: 40, sequenceCount: 2, duration: .milliseconds(250))
        tell(
            request: 0, (1, step), (2, step), (3, .stepFailed), (4, .restarted), (5, .slept),
            (6, .woke))
        tell(request: 0, (7, .refused(.queueSize)), (8, .refused(.memory)), (9, .refused(.memory)))
        let totals = metrics.totals
        #expect(totals.stepCount == 2)
        #expect(totals.lastStepTime == start + .seconds(2.0))
        #expect(totals.histograms.iterationTokens.sum == 80)
        #expect(totals.histograms.stepDuration.sum == 0.5)
        #expect(totals.failedStepCount == 1)
        #expect(totals.restartCount == 1)
        #expect(totals.refusedCounts == [.queueSize: 1, .memory: 2])
    }

    @Test func `events of unknown requests are counted and not timed`() {
        tell(
            (1, .firstToken), (2, .tokens(count: 2)), (2, .preempted),
            (3, .finished(.finished(.stop), promptTokenCount: 10, generationTokenCount: 3)))
        let totals = metrics.totals
        #expect(totals.generationTokenCount == 3)
        #expect(totals.finishedCounts == [.stop: 1])
        #expect(totals.histograms.timeToFirstToken.count == 0)
        #expect(totals.histograms.requestLatency.count == 0)
    }

    @Test func `open requests are followed up to a limit`() {
        let metrics = EngineMetrics(followedCountMax: 3)
        for request in 1...5 as ClosedRange<UInt64> {
            metrics.observe([EngineEvent(admitted(), request: request, time: start)])
        }
        #expect(metrics.followedCount == 3)
        #expect(metrics.totals.admittedCount == 5)
    }
}
