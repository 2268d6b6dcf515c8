import MartletEngine
import Testing

@Suite(.timeLimit(.minutes(1))) struct EventBroadcastTests {
    private let broadcast = EventBroadcast()
    private let start = ContinuousClock.now

    private func events(_ requests: ClosedRange<UInt64>) -> [EngineEvent] {
        requests.map { EngineEvent(.firstToken, request: $0, time: start) }
    }

    @Test func `every reader gets every event from when it came`() async {
        let first = broadcast.events()
        broadcast.observe(events(1...2))
        let second = broadcast.events()
        broadcast.observe(events(3...3))
        broadcast.finish()
        #expect(await first.reduce(into: []) { $0.append($1.event.request) } == [1, 2, 3])
        #expect(await second.reduce(into: []) { $0.append($1.event.request) } == [3])
    }

    @Test func `a slow reader loses the oldest and is told how many`() async {
        let sequence = broadcast.events(capacity: 3)
        broadcast.observe(events(1...10))
        var iterator = sequence.makeAsyncIterator()
        var found: [EngineEventSequence.Element?] = []
        for _ in 0..<3 { found.append(await iterator.next()) }
        broadcast.observe(events(11...11))
        found.append(await iterator.next())
        #expect(found.map { $0?.event.request } == [8, 9, 10, 11])
        #expect(found.map { $0?.lostCount } == [7, 0, 0, 0])
    }

    @Test func `events that come while a reader waits wake it`() async {
        let sequence = broadcast.events()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var found: [UInt64] = []
                for await element in sequence { found.append(element.event.request) }
                #expect(found == Array(1...100))
            }
            for request in 1...100 as ClosedRange<UInt64> {
                broadcast.observe(events(request...request))
                if request % 10 == 0 { try? await Task.sleep(for: .milliseconds(1)) }
            }
            broadcast.finish()
        }
    }

    @Test func `nothing is lost or doubled among threads`() async {
        let sequence = broadcast.events(capacity: 64)
        let sum = await withTaskGroup(of: UInt64.self) { group in
            group.addTask {
                var count: UInt64 = 0
                for await element in sequence { count += 1 + UInt64(element.lostCount) }
                return count
            }
            await withTaskGroup(of: Void.self) { writers in
                for _ in 0..<4 {
                    writers.addTask { for _ in 0..<250 { broadcast.observe(events(1...2)) } }
                }
            }
            broadcast.finish()
            return await group.reduce(0, +)
        }
        #expect(sum == 2000)
    }

    @Test func `a sequence that is let go is forgotten`() async {
        do {
            let sequence = broadcast.events()
            var iterator = sequence.makeAsyncIterator()
            broadcast.observe(events(1...1))
            _ = await iterator.next()
            #expect(broadcast.readerCount == 1)
        }
        #expect(broadcast.readerCount == 0)
    }

    @Test func `a cancelled reader ends`() async {
        let sequence = broadcast.events()
        await withTaskGroup(of: Int.self) { group in
            group.addTask { await sequence.reduce(into: 0) { count, _ in count += 1 } }
            try? await Task.sleep(for: .milliseconds(5))
            group.cancelAll()
            #expect(await group.next() == 0)
        }
    }

    @Test func `a finished broadcast has no events`() async {
        broadcast.finish()
        broadcast.observe(events(1...1))
        #expect(await broadcast.events().first { _ in true } == nil)
    }
}
