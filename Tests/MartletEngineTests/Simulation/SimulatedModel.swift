import MartletEngine
import MartletSampling
import MartletScheduling

/// One engine of a simulation, with the clients that it serves.
struct SimulatedModel {
    /// A client with a request.
    struct Client {
        let id: String
        let prompt: [Int32]
        let stream: GenerationStream
        var iterator: GenerationStream.Iterator
        var output: [[Int32]]
        /// Whether the client reads no more.
        var isStalled = false
    }

    let ledger = RequestLedger()
    let settings: TestEngine
    let manual: ManualEngine
    let limit: Int
    var clients: [Client] = []
    var isPaused = false
    private(set) var sentCount = 0
    private(set) var endedCount = 0

    init(clock: ManualClock, policy: SchedulingPolicy) {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.maximumConcurrentRequestCount = 6
        configuration.maximumQueueSize = 10
        configuration.maximumQueuedTokenCount = 300
        configuration.queueTimeout = .seconds(60)
        configuration.maximumUnreadByteCount = 600
        configuration.readerTimeout = .seconds(90)
        settings = TestEngine(
            blockCount: 48, maximumSequenceCount: 6, maximumBatchedTokenCount: 32,
            maximumModelLength: 128, policy: policy)
        limit = 16
        manual = ManualEngine(
            settings, configuration: configuration, clock: clock, observers: [ledger])
    }

    /// - Returns: Whether the request was admitted.
    mutating func send(_ random: inout some RandomNumberGenerator) async throws -> Bool {
        sentCount += 1
        // Few distinct beginnings, so that prefixes are shared.
        let head = Array(repeating: Int32.random(in: 97...99, using: &random), count: 20)
        let tail = (0..<Int.random(in: 1...30, using: &random)).map { _ in
            Int32.random(in: 97...122, using: &random)
        }
        var sampling = SamplingParameters()
        sampling.n = Int.random(in: 0..<10, using: &random) == 0 ? 2 : 1
        sampling.maximumTokenCount = Int.random(in: 1...40, using: &random)
        var request = GenerationRequest(
            prompt: .tokens(head + tail), sampling: sampling,
            priority: Int.random(in: -1...2, using: &random))
        let id = "request \(sentCount)"
        request.requestID = id
        request.client = "client \(Int.random(in: 0..<3, using: &random))"
        if Bool.random(using: &random) {
            request.timeout = .seconds(Int.random(in: 1...80, using: &random))
        }
        ledger.expect(id)
        do {
            let stream = try await manual.engine.generate(request)
            clients.append(
                Client(
                    id: id, prompt: head + tail, stream: stream,
                    iterator: stream.makeAsyncIterator(),
                    output: Array(repeating: [], count: sampling.n)))
            return true
        } catch let error as EngineError
            where [.overloaded, .sleeping, .engineStopped].contains(error.code)
        {
            ledger.observe([])
            ledger.drop(id)
            return false
        }
    }

    /// Lets a client read what there is for it.
    ///
    /// - Returns: What is wrong with it, if anything is.
    mutating func read(_ index: Int) async -> String? {
        guard ledger.takeNews(clients[index].id) else { return nil }
        let isLast = !ledger.entry(clients[index].id).isOpen
        repeat {
            do {
                guard let output = try await clients[index].iterator.next() else {
                    return end(index)
                }
                clients[index].output[output.index] += output.tokenIDs
            } catch {
                return end(index)
            }
        } while isLast
        return nil
    }

    /// Compares what a client got with what the model says.
    private mutating func end(_ index: Int) -> String? {
        let client = clients.remove(at: index)
        endedCount += 1
        ledger.forget(client.id)
        for tokens in client.output {
            let expected = ShadowExecutor.continuation(of: client.prompt, count: tokens.count)
            if tokens != expected { return "\(client.id) got \(tokens), not \(expected)" }
        }
        return nil
    }
}
