import MartletJSON
import Yams

/// Makes flags of the members of a YAML mapping.
struct SettingReader {
    let file: String
    let table: FlagTable

    /// The flag that a member stands for; none for null.
    ///
    /// - Parameter key: The member's place in the file, for errors.
    func setting(_ name: String, _ node: Node, key: String) throws(ConfigurationError) -> Setting? {
        guard let flag = table[name] else {
            throw ConfigurationError(file, key: key, "there is no such setting")
        }
        if node.null != nil { return nil }
        switch flag.kind {
        case .toggle: return try toggle(flag, node, key: key)
        case .value:
            let text = try text(of: node, key: key)
            return Setting(flag: flag, arguments: ["--\(flag.name)=\(text)"])
        case .values:
            let nodes = node.sequence.map { Array($0) } ?? [node]
            var arguments: [String] = []
            for node in nodes {
                arguments.append("--\(flag.name)=\(try scalar(node, key: key))")
            }
            return Setting(flag: flag, arguments: arguments)
        }
    }

    /// A scalar's text, for all but a mapping or a list.
    func scalar(_ node: Node, key: String) throws(ConfigurationError) -> String {
        guard let text = node.scalar?.string else {
            throw ConfigurationError(file, key: key, "must be a single value")
        }
        return text
    }

    private func toggle(
        _ flag: FlagTable.Flag, _ node: Node, key: String
    ) throws(ConfigurationError) -> Setting {
        guard let isOn = node.bool else {
            throw ConfigurationError(file, key: key, "must be true or false")
        }
        if isOn { return Setting(flag: flag, arguments: ["--\(flag.name)"]) }
        return Setting(flag: flag, arguments: flag.inverse.map { ["--\($0)"] } ?? [])
    }

    /// The text of a single value; a list becomes JSON, which such flags take on command lines.
    private func text(of node: Node, key: String) throws(ConfigurationError) -> String {
        guard let sequence = node.sequence else { return try scalar(node, key: key) }
        var elements: [JSONValue] = []
        for node in sequence { elements.append(.string(try scalar(node, key: key))) }
        return String(decoding: JSONValue.array(elements).serialized, as: UTF8.self)
    }
}
