import Foundation
import MartletTensor
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    @Test(arguments: [1, 2, 3, 8])
    func `runs every chunk exactly once`(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        #expect(pool.threadCount == threads)
        for count in [0, 1, 2, 3, 17, 1000] {
            let counts = (0..<count).map { _ in Counter() }
            pool.run(chunkCount: count) { chunk, worker in
                counts[chunk].add(1)
                if worker < 0 || worker >= threads { counts[chunk].add(100) }
            }
            #expect(counts.allSatisfy { $0.value == 1 })
        }
    }

    @Test(arguments: [1, 3]) func `runs a job that has values of its own`(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        for count in [1, 2, 50] {
            let squares = UnsafeMutableBufferPointer<Int>.allocate(capacity: count)
            squares.initialize(repeating: -1)
            defer { squares.deallocate() }
            let job = SquareJob(offset: 3, total: Counter(), squares: squares)
            pool.run(chunkCount: count, job)
            #expect(squares.elementsEqual((0..<count).map { ($0 + 3) * ($0 + 3) }))
            #expect(job.total.value == count)
        }
    }

    @Test func `publishes what came before and what chunks wrote`() {
        let pool = WorkerPool(threadCount: 4)
        var values = [Int](repeating: 0, count: 64)
        for round in 1...500 {
            values.withUnsafeMutableBufferPointer { values in
                let base = Shared(values)
                pool.run(chunkCount: 64) { chunk, _ in base.buffer[chunk] += round }
            }
        }
        #expect(values == [Int](repeating: 500 * 501 / 2, count: 64))
    }

    @Test func `a worker runs one chunk at a time`() {
        let pool = WorkerPool(threadCount: 4)
        let busy = (0..<4).map { _ in Counter() }
        let overlaps = Counter()
        for _ in 0..<100 {
            pool.run(chunkCount: 40) { _, worker in
                if busy[worker].add(1) != 1 { overlaps.add(1) }
                busy[worker].add(-1)
            }
        }
        #expect(overlaps.value == 0)
    }

    @Test func `callers from many threads take turns`() async {
        let pool = WorkerPool(threadCount: 3)
        let total = Counter()
        let running = Counter()
        let overlaps = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        pool.run(chunkCount: 5) { chunk, _ in
                            if chunk == 0, running.add(1) != 1 { overlaps.add(1) }
                            total.add(1)
                            if chunk == 0 { running.add(-1) }
                        }
                    }
                }
            }
        }
        #expect(total.value == 8 * 50 * 5)
        #expect(overlaps.value == 0)
    }

    @Test func `pools come and go`() {
        for round in 0..<300 {
            let pool = WorkerPool(threadCount: 3)
            let total = Counter()
            if round % 3 != 0 {
                pool.run(chunkCount: 10) { _, _ in total.add(1) }
                #expect(total.value == 10)
            }
            if round % 2 == 0 { pool.shutdown() }
        }
    }

    @Test func `works after its threads slept and after shutdown`() async throws {
        let pool = WorkerPool(threadCount: 2)
        let total = Counter()
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(5))
            pool.run(chunkCount: 6) { _, _ in total.add(1) }
        }
        pool.shutdown()
        pool.shutdown()
        pool.run(chunkCount: 6) { _, worker in
            total.add(1)
            if worker != 0 { total.add(1000) }
        }
        #expect(total.value == 36)
    }

    @Test func `a slow chunk delays only itself`() {
        let pool = WorkerPool(threadCount: 2)
        let order = Mutex<[Int]>([])
        let release = Counter()
        pool.run(chunkCount: 10) { chunk, _ in
            if chunk == 0 {
                // Ends when the other thread has done all the rest.
                while release.value < 9 { martletYield() }
            }
            order.withLock { $0.append(chunk) }
            release.add(1)
        }
        #expect(order.withLock { $0.last } == 0)
        #expect(order.withLock { $0.sorted() } == Array(0..<10))
    }

    #if os(Linux)
    @Test func `lowering the priority concerns the pool's threads and not the caller`() {
        let pool = WorkerPool(threadCount: 3)
        let before = ThreadPriority.currentNiceness
        pool.lowerPriority(to: .idle)
        let seen = Mutex<[Int: Int32]>([:])
        let met = Counter()
        pool.run(chunkCount: 3) { _, worker in
            seen.withLock { $0[worker] = ThreadPriority.currentNiceness }
            met.add(1)
            // Each thread gets one chunk.
            while met.value < 3 { martletYield() }
        }
        let background = ThreadPriority.backgroundNiceness
        #expect(seen.withLock { $0 } == [0: before ?? 0, 1: background, 2: background])
    }
    #endif

    @Test func `a pool whose job hangs goes on with new threads`() async {
        let pool = WorkerPool(threadCount: 2)
        let entered = Counter()
        let release = Counter()
        async let stuck: Void = Self.onThread {
            pool.run(chunkCount: 2) { _, _ in
                entered.add(1)
                while release.value == 0 { martletYield() }
            }
        }
        while entered.value < 2 { await Task.yield() }
        pool.replaceThreads()
        let total = Counter()
        pool.run(chunkCount: 10) { chunk, _ in total.add(chunk) }
        #expect(total.value == 45)
        release.add(1)
        await stuck
        #expect(entered.value == 2)
    }

    /// Runs `body` where it may block: not on a thread of the cooperative pool.
    private static func onThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                body()
                continuation.resume()
            }
            thread.start()
        }
    }
}

/// Writes the square of each chunk's number, moved by an offset.
private struct SquareJob: PoolJob {
    let offset: Int
    let total: Counter
    let squares: UnsafeMutableBufferPointer<Int>

    func run(chunk: Int, worker: Int) {
        squares[chunk] = (chunk + offset) * (chunk + offset)
        total.add(1)
    }
}
