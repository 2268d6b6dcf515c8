import Dispatch
import Logging
import NIOConcurrencyHelpers

extension PrefixStore {
    /// Hands a block to the writer.
    ///
    /// - Returns: False if the queue is full: the block may be offered again. True if the block
    ///   need not be offered again, which includes that the store cannot write at present.
    package func save(_ block: BlockToStore) -> Bool {
        enum Answer { case queued, full, done }
        let now = ContinuousClock.now
        let answer: Answer = state.withLockedValue { state in
            guard
                state.isWriting(at: now), block.payload.count == limits.blockByteCount,
                block.tokens.count == limits.blockSize, block.key != block.parent
            else {
                state.statistics.droppedCount += 1
                return .done
            }
            guard
                !state.index.contains(address(of: block.key)),
                !state.queuedKeys.contains(block.key)
            else { return .done }
            guard state.queuedByteCount + block.payload.count <= limits.queuedByteCountMax
            else {
                state.statistics.droppedCount += 1
                return .full
            }
            state.queuedKeys.insert(block.key)
            state.queuedByteCount += block.payload.count
            return .queued
        }
        if answer == .queued { writer.async { self.write(block) } }
        return answer != .full
    }

    /// Waits until what was saved before is on disk. Holds the calling thread.
    ///
    /// - Returns: False if `timeout` passes before.
    @discardableResult
    package func flush(timeout: Duration) -> Bool {
        let done = DispatchSemaphore(value: 0)
        writer.async { done.signal() }
        let parts = timeout.components
        let nanoseconds = Double(parts.seconds) * 1e9 + Double(parts.attoseconds) / 1e9
        let limit = DispatchTime.now() + .nanoseconds(Int(min(max(nanoseconds, 0), 1e18)))
        return done.wait(timeout: limit) == .success
    }

    /// Ends all reading and writing; what still waits to be written is dropped.
    package func close() {
        state.withLockedValue { $0.isClosed = true }
    }

    // MARK: The writer's queue

    private func write(_ block: BlockToStore) {
        let now = ContinuousClock.now
        let mayWrite = state.withLockedValue { $0.isWriting(at: now) }
        var error: PlainFile.SystemError?
        if mayWrite {
            do throws(PlainFile.SystemError) {
                try directory.write(block)
            } catch let failure { error = failure }
        }
        let written = ListedBlock(
            address: address(of: block.key), parent: block.parent,
            byteCount: limits.fileByteCount, use: WallClock.nanoseconds)
        state.withLockedValue { state in
            state.queuedKeys.remove(block.key)
            state.queuedByteCount -= block.payload.count
            guard mayWrite, error == nil else {
                state.statistics.droppedCount += 1
                return
            }
            state.index.insert(written)
            state.statistics.writtenCount += 1
            state.byteCountSinceListing += written.byteCount
        }
        if let error { rest(after: error) }
        trim()
    }

    /// Goes quiet for a while, with a word the first time.
    private func rest(after error: PlainFile.SystemError) {
        let end = ContinuousClock.now + limits.restAfterFailure
        guard state.withLockedValue({ $0.rest(until: end) }) else { return }
        logger.warning(
            "The prefix cache on disk cannot be written; requests are served without it.",
            metadata: ["directory": "\(directory.path)", "reason": "\(error)"])
    }

    /// Lists the directory anew when enough was written, and deletes what is too much.
    func trim() {
        let (isDue, isOver) = state.withLockedValue { state in
            (
                state.byteCountSinceListing >= limits.byteCountBetweenListings,
                state.index.byteCount > limits.byteCountMax
            )
        }
        guard isDue || isOver else { return }
        let listing = directory.list(
            fileByteCount: limits.fileByteCount, now: WallClock.nanoseconds)
        let removed = state.withLockedValue { state -> [ListedBlock] in
            if let listing { state.take(listing) }
            guard state.index.byteCount > limits.byteCountMax else { return [] }
            let removed = state.index.trim(toByteCount: limits.byteCountAfterTrim)
            state.statistics.evictedCount += removed.count
            return removed
        }
        for block in removed { PlainFile.remove(directory.path(of: block)) }
    }
}
