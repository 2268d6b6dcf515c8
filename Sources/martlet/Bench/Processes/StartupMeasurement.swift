import FoundationEssentials

/// Starts a server again and again, and notes how long it takes.
struct StartupMeasurement: Sendable {
    let url: String
    /// The program that is started, and its arguments.
    let arguments: [String]
    /// Seconds that a start may take.
    let startTimeout: Double

    /// Starts it once without counting, and then `count` times.
    func run(count: Int) async throws -> StartupSeries {
        try await CompletionClient.with(
            baseURL: url, apiKey: nil, timeoutSeconds: max(1, Int(startTimeout)), concurrency: 1
        ) { client in
            if await client.isHealthy() {
                throw RequestFailure(
                    "another server answers at \(url) already; stop it, or say another --url")
            }
            var series = StartupSeries()
            for index in 0...count {
                let start = try await start(client)
                if index > 0 { series.add(start) }
                StandardError.write(
                    "start \(index) of \(count): healthy after \(start.healthy.rounded(to: 3)) s"
                        + (index == 0 ? ", not counted\n" : "\n"))
            }
            return series
        }
    }

    private func start(_ client: CompletionClient) async throws -> StartupSeries.Start {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let clock = ContinuousClock()
        let begin = clock.now
        let process = try ChildProcess(
            arguments, logPath: folder + "/martlet-bench-startup.log")
        do {
            try await ServerUnderTest.awaitHealth(
                of: client, process: process, label: "the server", seconds: startTimeout)
            let healthy = (clock.now - begin).seconds
            let resident = ProcessUsage.of(process.pid)?.residentByteCount
            let model = try await client.firstModel()
            _ = try await client.complete([100, 101, 102, 103], model: model, outputLength: 1)
            let completed = (clock.now - begin).seconds
            await process.stop()
            return StartupSeries.Start(
                healthy: healthy, completed: completed, residentByteCount: resident)
        } catch {
            await process.stop()
            throw error
        }
    }
}
