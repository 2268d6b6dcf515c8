import ArgumentParser

/// Work that Ctrl-C and SIGTERM cancel, so that what it started can be put away.
enum Interruptible {
    private enum Event: Sendable {
        case done
        case signal(Int32)
    }

    /// Runs `body`; after a signal, returns when it has cleaned up.
    ///
    /// - Throws: What `body` throws, or the status of a process that a signal ends.
    static func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = Signals([Signals.interrupt, Signals.terminate])
        defer { signals.end() }
        try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                try await body()
                return .done
            }
            group.addTask {
                for await signal in signals.received { return .signal(signal) }
                return .done
            }
            let first = try await group.next()
            group.cancelAll()
            guard case .signal(let signal) = first else { return }
            StandardError.write("\ninterrupted\n")
            while let result = await group.nextResult() { _ = result }
            throw ExitCode(128 + signal)
        }
    }
}
