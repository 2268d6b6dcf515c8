package import MartletEngine

extension AsyncEngine {
    /// Waits until nothing runs or waits any more and every block is free.
    ///
    /// - Returns: Whether that came within the time.
    package func settles(within timeout: Duration = .seconds(10)) async throws -> Bool {
        let end = ContinuousClock.now + timeout
        while ContinuousClock.now < end {
            let now = statistics
            let isQuiet = now.runningCount == 0 && now.waitingCount == 0
            if openRequestCount == 0, isQuiet, now.freeBlockCount == now.blockCount { return true }
            try await Task.sleep(for: .milliseconds(2))
        }
        return false
    }
}
