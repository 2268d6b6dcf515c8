/// A metric's labels, in the order of their names.
public struct PrometheusLabels: Hashable, Sendable {
    private struct Pair: Hashable {
        let name: String
        /// The label as it is written: `name="value"`.
        let text: String

        init(_ name: String, _ value: String) {
            self.name = name
            text = "\(name)=\"\(PrometheusLabels.escaped(value))\""
        }
    }

    private var pairs: [Pair]

    /// Labels as given; values may hold anything.
    public init(_ labels: [String: String] = [:]) {
        pairs = labels.map { Pair($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    /// The labels that all metrics of an engine have.
    public init(modelName: String, engine: String = "0") {
        self.init(["model_name": modelName, "engine": engine])
    }

    /// These labels and another one, which takes the place of one with the same name.
    func adding(_ name: String, _ value: String) -> PrometheusLabels {
        var labels = self
        labels.pairs.removeAll { $0.name == name }
        let position = labels.pairs.firstIndex { $0.name > name } ?? labels.pairs.count
        labels.pairs.insert(Pair(name, value), at: position)
        return labels
    }

    /// As it stands behind a metric's name: `{a="1",b="2"}`, or nothing.
    var text: String {
        pairs.isEmpty ? "" : "{" + pairs.map(\.text).joined(separator: ",") + "}"
    }

    /// The text of these labels and another one, before and after the other one's value, which
    /// must need no escaping.
    func text(around name: String) -> (before: String, after: String) {
        let before = pairs.prefix { $0.name < name }.map { "\($0.text)," }.joined()
        let after = pairs.drop { $0.name < name }.map { ",\($0.text)" }.joined()
        return ("{\(before)\(name)=\"", "\"\(after)}")
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
