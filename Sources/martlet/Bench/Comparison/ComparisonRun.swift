/// Puts the same loads on two servers in turn.
struct ComparisonRun: Sendable {
    let subject: ServerUnderTest
    let peer: ServerUnderTest
    let loads: [LoadShape]
    let roundCount: Int
    /// What each server gets before its turn, unmeasured; nil for nothing.
    let warmUp: LoadShape?
    let vocabularySize: Int
    let seed: UInt64

    /// Tells of each step on standard error.
    func run() async throws -> Comparison {
        try await findServers()
        var comparison = Comparison(loads: loads, roundCount: roundCount)
        for turn in turns {
            let server = server(turn.side)
            let other = self.server(turn.side.other)
            try await server.withClient(concurrency: loads.map(\.concurrency).max() ?? 1) {
                client in
                if server.command != nil { tell(turn, "starting") }
                try await server.whileUp(client) { pid in
                    let model = try await name(of: server, client)
                    try await warm(client, model: model, turn: turn)
                    for load in turn.loads {
                        let measurer = LoadMeasurer(
                            generator: generator(client, model, load, round: turn.round),
                            pid: pid, otherPID: other.pid)
                        let measurement = try await measurer.run()
                        comparison.add(
                            measurement, load: load, side: turn.side, round: turn.round)
                        tell(turn, load, measurement)
                    }
                }
            }
        }
        return comparison
    }

    /// That the peer is not there is told before the first server has been measured.
    private func findServers() async throws {
        for server in [subject, peer] where server.command == nil {
            try await server.withClient(concurrency: 1) { _ = try await $0.firstModel() }
        }
    }

    /// A server's stretch of loads.
    private struct Turn {
        let round: Int
        let side: Comparison.Side
        let loads: [LoadShape]
    }

    /// Starting a server takes long, so that one which is started gets all loads in its turn;
    /// otherwise the servers alternate load by load, as close in time as can be.
    private var turns: [Turn] {
        let areUp = subject.command == nil && peer.command == nil
        let parts = areUp ? loads.map { [$0] } : [loads]
        return parts.flatMap { part in
            (0..<roundCount).flatMap { round in
                Comparison.order(round: round).map { Turn(round: round, side: $0, loads: part) }
            }
        }
    }

    private func server(_ side: Comparison.Side) -> ServerUnderTest {
        side == .subject ? subject : peer
    }

    private func name(of server: ServerUnderTest, _ client: CompletionClient) async throws
        -> String
    {
        if let model = server.model { return model }
        return try await client.firstModel()
    }

    /// Both servers get the same prompts in a round, and other ones in each round.
    private func generator(
        _ client: CompletionClient, _ model: String, _ load: LoadShape, round: Int
    ) -> LoadGenerator {
        let index = UInt64(loads.firstIndex(of: load) ?? loads.count)
        return LoadGenerator(
            client: client, model: model, shape: load, vocabularySize: vocabularySize,
            seed: seed &+ UInt64(round) &* 1_000_003 &+ index &* 7919)
    }

    private func warm(_ client: CompletionClient, model: String, turn: Turn) async throws {
        guard let warmUp else { return }
        let report = try await generator(client, model, warmUp, round: turn.round).run()
        guard report.completedCount == 0 else { return }
        throw RequestFailure(
            "no request to \(server(turn.side).label) succeeded: "
                + (report.commonestFailure ?? "no reason known"))
    }

    private func tell(_ turn: Turn, _ what: String) {
        let label = server(turn.side).label
        StandardError.write("round \(turn.round + 1) of \(roundCount), \(label): \(what)\n")
    }

    private func tell(_ turn: Turn, _ load: LoadShape, _ measurement: LoadMeasurement) {
        let rate = measurement.report.outputTokensPerSecond.rounded(to: 1)
        let failed = measurement.report.failedCount
        tell(
            turn,
            "\(load): \(rate) output tokens/s" + (failed > 0 ? ", \(failed) failed" : ""))
    }
}
