import FoundationEssentials

/// A server that is measured: one that is up already, or one that a command starts.
struct ServerUnderTest: Sendable {
    /// What it is called in reports.
    let label: String
    let url: String
    /// Nil for the first that the server lists.
    let model: String?
    /// The command of the shell that starts it; nil if it is up.
    let command: String?
    /// The process of a server that is up; nil if it is not known.
    let pid: Int?
    /// Seconds that it may take to start.
    let startTimeout: Double
    let apiKey: String?
    /// Seconds that a request may take.
    let timeout: Int

    /// A client for `concurrency` requests at a time, for the duration of `body`.
    func withClient<Result: Sendable>(
        concurrency: Int, _ body: (CompletionClient) async throws -> Result
    ) async throws -> Result {
        try await CompletionClient.with(
            baseURL: url, apiKey: apiKey, timeoutSeconds: timeout, concurrency: concurrency, body)
    }

    /// Runs `body` with the server up.
    ///
    /// - Parameter body: Is given the server's process, if it is known.
    func whileUp(
        _ client: CompletionClient, _ body: (Int?) async throws -> Void
    ) async throws {
        guard let command else { return try await body(pid) }
        if await client.isHealthy() {
            throw RequestFailure(
                "another server answers at \(url) already; stop it, or let \(label) listen "
                    + "elsewhere")
        }
        let process = try ChildProcess(command: command, logPath: logPath)
        do {
            try await Self.awaitHealth(
                of: client, process: process, label: label, seconds: startTimeout)
            try await body(process.pid)
        } catch {
            await process.stop()
            throw error
        }
        await process.stop()
    }

    /// Where the output of a server that was started goes.
    private var logPath: String {
        let name = label.map { $0.isLetter || $0.isNumber ? $0 : "-" }
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        return "\(folder)/martlet-bench-\(String(name)).log"
    }

    /// Waits until the server says that it can serve.
    ///
    /// - Returns: The seconds that it took.
    @discardableResult
    static func awaitHealth(
        of client: CompletionClient, process: ChildProcess, label: String, seconds: Double
    ) async throws -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        while !(await client.isHealthy()) {
            if let ending = process.ended {
                throw RequestFailure(
                    "\(label) \(ending) before it was healthy; the end of \(process.logPath):"
                        + process.lastOutput)
            }
            guard (clock.now - start).seconds < seconds else {
                throw RequestFailure(
                    "\(label) was not healthy after \(seconds) s; the end of "
                        + "\(process.logPath):\(process.lastOutput)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        return (clock.now - start).seconds
    }
}
