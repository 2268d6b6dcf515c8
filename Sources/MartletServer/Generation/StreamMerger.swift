import MartletEngine

/// Reads several streams at once and hands over one piece at a time, in the order they come.
///
/// Nothing is buffered: a stream is read again once its piece has been taken, and what comes
/// meanwhile is merged by the engine.
actor StreamMerger {
    private var offers: [(promptIndex: Int, output: GenerationOutput, taken: Waiter)] = []
    private var reader: CheckedContinuation<Void, Never>?
    private var openCount: Int
    private var failure: (any Error)?

    private typealias Waiter = CheckedContinuation<Void, Never>

    private init(openCount: Int) {
        self.openCount = openCount
    }

    /// Calls `body` with each piece of each stream until all have ended.
    ///
    /// - Throws: The first error of a stream, or of `body`.
    static func forEach(
        of streams: [GenerationStream],
        _ body: (_ promptIndex: Int, GenerationOutput) async throws -> Void
    ) async throws {
        if streams.count == 1 {
            for try await output in streams[0] { try await body(0, output) }
            return
        }
        let merger = StreamMerger(openCount: streams.count)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, stream) in streams.enumerated() {
                group.addTask { await merger.pump(stream, promptIndex: index) }
            }
            do {
                while let (index, output) = try await merger.next() {
                    try await body(index, output)
                }
            } catch {
                await merger.close()
                group.cancelAll()
                throw error
            }
        }
    }

    private func pump(_ stream: GenerationStream, promptIndex: Int) async {
        do {
            for try await output in stream {
                guard failure == nil else { break }
                await withCheckedContinuation { taken in
                    offers.append((promptIndex, output, taken))
                    wakeReader()
                }
            }
        } catch {
            failure = failure ?? error
        }
        openCount -= 1
        wakeReader()
    }

    private func wakeReader() {
        reader?.resume()
        reader = nil
    }

    private func next() async throws -> (Int, GenerationOutput)? {
        while true {
            if let failure { throw failure }
            if !offers.isEmpty {
                let offer = offers.removeFirst()
                offer.taken.resume()
                return (offer.promptIndex, offer.output)
            }
            if openCount == 0 { return nil }
            await withCheckedContinuation { reader = $0 }
        }
    }

    /// Lets every pump go on to its end.
    private func close() {
        failure = failure ?? CancellationError()
        for offer in offers { offer.taken.resume() }
        offers = []
    }
}
