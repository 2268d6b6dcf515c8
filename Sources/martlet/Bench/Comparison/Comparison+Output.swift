package import MartletJSON

extension Comparison {
    /// The comparison for people.
    ///
    /// - Parameters:
    ///   - subject: What the first server is called.
    ///   - peer: What the other is called.
    package func text(subject: String, peer: String) -> String {
        var text = ""
        for load in loads {
            text += "\(load.concurrency) concurrent, \(load.requestCount) requests, "
            text += "\(load.inputLength) tokens in, \(load.outputLength) out; "
            text += "median and range of \(roundCount) rounds\n"
            var table = TextTable()
            table.add(["", subject, peer, "\(subject) / \(peer)"])
            for metric in ComparedMetric.allCases {
                if let row = row(metric, load: load) { table.add([metric.title] + row) }
            }
            text += table.text
            for (side, name) in [(Side.subject, subject), (.peer, peer)] {
                for remark in remarks(load: load, side: side) {
                    text += "note: \(name): \(remark)\n"
                }
            }
            text += "\n"
        }
        return text
    }

    /// Nil where neither server has the figure.
    private func row(_ metric: ComparedMetric, load: LoadShape) -> [String]? {
        let sides = Side.allCases.map { Spread(figures(metric, load: load, side: $0)) }
        guard sides.contains(where: { $0 != nil }) else { return nil }
        return (sides + [Spread(ratios(metric, load: load))]).map { $0?.text ?? "" }
    }

    /// The loads with all figures, for scripts.
    package var json: JSONValue {
        .array(
            loads.map { load in
                [
                    "load": .string(load.description),
                    "concurrency": .integer(load.concurrency),
                    "requests": .integer(load.requestCount),
                    "input_tokens": .integer(load.inputLength),
                    "output_tokens": .integer(load.outputLength),
                    "rounds": .integer(roundCount),
                    "metrics": .array(
                        ComparedMetric.allCases.compactMap { json($0, load: load) }),
                ]
            })
    }

    /// Nil where neither server has the figure.
    private func json(_ metric: ComparedMetric, load: LoadShape) -> JSONValue? {
        let subject = figures(metric, load: load, side: .subject)
        let peer = figures(metric, load: load, side: .peer)
        guard !subject.isEmpty || !peer.isEmpty else { return nil }
        return [
            "name": .string(metric.rawValue), "subject": json(subject), "peer": json(peer),
            "ratio": json(ratios(metric, load: load)),
        ]
    }

    private func json(_ figures: [Double]) -> JSONValue {
        guard let spread = Spread(figures) else { return .null }
        return [
            "median": .number(spread.median), "min": .number(spread.least),
            "max": .number(spread.greatest), "rounds": .array(figures.map { .number($0) }),
        ]
    }
}
