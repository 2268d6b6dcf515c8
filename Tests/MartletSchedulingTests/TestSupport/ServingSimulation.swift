import MartletScheduling

/// Serves requests on a machine whose step takes a fixed time and some more per token, and tells
/// when each of them got its first token.
struct ServingSimulation {
    struct Request {
        var client: String
        var arrivalMilliseconds: Int
        var promptTokenCount: Int
        var outputTokenCount: Int
    }

    private struct Progress {
        var client: String
        var arrivalMilliseconds: Int
        var promptTokenCount: Int
        var remainingCount: Int
        var hasToken = false
    }

    static let stepMilliseconds = 10
    static let tokenMilliseconds = 1

    private var scheduler: Scheduler
    private var arrivals: ArraySlice<Request>
    private var open: [SequenceID: Progress] = [:]
    /// The time, in milliseconds.
    private(set) var now = 0
    private var addedCount: UInt64 = 0
    /// How long each request waited for its first token, by client.
    private(set) var waits: [String: [Int]] = [:]
    /// What each client was served: a token of a prompt counts once, a generated one twice.
    private(set) var servedTokenCounts: [String: Int] = [:]

    init(policy: SchedulingPolicy, requests: [Request]) {
        scheduler = Scheduler(
            configuration: SchedulerConfiguration(
                maximumSequenceCount: 128, maximumBatchedTokenCount: 512,
                maximumModelLength: 4096, blockSize: 16, blockCount: 10_000, policy: policy,
                prefixHasher: PrefixHasher(key0: 1, key1: 2)))
        arrivals = requests.sorted { $0.arrivalMilliseconds < $1.arrivalMilliseconds }[...]
    }

    /// Runs until every request of `client` has its first token.
    mutating func run(untilServed client: String) throws {
        var missingCount = arrivals.count { $0.client == client }
        while missingCount > 0 {
            try addArrivals()
            if !scheduler.hasUnfinishedSequences, let next = arrivals.first {
                now = next.arrivalMilliseconds
                continue
            }
            let before = waits[client]?.count ?? 0
            step()
            missingCount -= (waits[client]?.count ?? 0) - before
        }
    }

    /// Runs for a time, while there is work.
    mutating func run(forMilliseconds duration: Int) throws {
        let end = now + duration
        while now < end {
            try addArrivals()
            guard scheduler.hasUnfinishedSequences else { return }
            step()
        }
    }

    private mutating func addArrivals() throws {
        while let request = arrivals.first, request.arrivalMilliseconds <= now {
            arrivals.removeFirst()
            addedCount += 1
            let id = SequenceID(rawValue: addedCount)
            try scheduler.add(
                SchedulerRequest(
                    id: id,
                    promptTokens: (0..<request.promptTokenCount).map {
                        Int32(addedCount) * 10_000 + Int32($0)
                    },
                    expectedLengthMax: request.promptTokenCount + request.outputTokenCount,
                    client: request.client,
                    arrivalMilliseconds: UInt64(request.arrivalMilliseconds)))
            open[id] = Progress(
                client: request.client, arrivalMilliseconds: request.arrivalMilliseconds,
                promptTokenCount: request.promptTokenCount,
                remainingCount: request.outputTokenCount)
        }
    }

    private mutating func step() {
        let batch = scheduler.schedule()
        now += Self.stepMilliseconds + Self.tokenMilliseconds * batch.totalTokenCount
        for entry in batch.sequences where entry.samples {
            guard var progress = open[entry.id] else { continue }
            if !progress.hasToken {
                waits[progress.client, default: []].append(now - progress.arrivalMilliseconds)
                progress.hasToken = true
                servedTokenCounts[progress.client, default: 0] += progress.promptTokenCount
            }
            servedTokenCounts[progress.client, default: 0] += 2
            progress.remainingCount -= 1
            open[entry.id] = progress.remainingCount > 0 ? progress : nil
            if progress.remainingCount > 0 {
                scheduler.append(7, to: entry.id)
            } else {
                scheduler.finish(entry.id)
            }
        }
    }
}
