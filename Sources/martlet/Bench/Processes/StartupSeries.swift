import MartletJSON

/// How long some starts of a server took.
struct StartupSeries: Sendable {
    /// One start.
    struct Start: Sendable {
        /// Seconds from the launch to the first answer that the server can serve.
        let healthy: Double
        /// Seconds from the launch to the end of the first completion, of one token.
        let completed: Double
        /// Memory of the server when it is healthy; nil where the system does not tell.
        let residentByteCount: Int?
    }

    private var starts: [Start] = []

    mutating func add(_ start: Start) {
        starts.append(start)
    }

    private var figures: [(name: String, title: String, values: [Double])] {
        [
            ("healthy_seconds", "healthy, s", starts.map(\.healthy)),
            ("first_completion_seconds", "first completion, s", starts.map(\.completed)),
            (
                "resident_mib", "resident when healthy, MiB",
                starts.compactMap { $0.residentByteCount.map { Double($0) / 1_048_576 } }
            ),
        ]
    }

    /// The series for people.
    var text: String {
        var table = TextTable()
        table.add(["\(starts.count) starts", "median", "least", "most"])
        for figure in figures {
            guard let spread = Spread(figure.values) else { continue }
            let cells = [spread.median, spread.least, spread.greatest]
            table.add([figure.title] + cells.map { $0.rounded(to: 3).description })
        }
        return table.text
    }

    /// The series for scripts.
    var json: JSONValue {
        .array(
            figures.compactMap { figure in
                guard let spread = Spread(figure.values) else { return nil }
                return [
                    "name": .string(figure.name), "median": .number(spread.median),
                    "min": .number(spread.least), "max": .number(spread.greatest),
                    "starts": .array(figure.values.map { .number($0) }),
                ]
            })
    }
}
