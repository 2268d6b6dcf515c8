import ArgumentParser
import FoundationEssentials
import Yams

/// The file that `--config` names: YAML whose keys are flags of `martlet serve`, with dashes or
/// underscores, beside a list of models.
///
/// ```yaml
/// port: 8080
/// max_num_seqs: 64
/// models:
///   - model: /models/small
///     served_model_name: [small, default]
///   - model: /models/large
///     load: lazy
///     keep_alive: 10m
/// ```
package struct ConfigurationFile: Sendable {
    package let path: String
    /// What the keys stand for.
    let settings: [Setting]
    /// The `models` of the file, in order.
    package let models: [ModelSettings]

    /// Reads a file.
    package init(path: String) throws(ConfigurationError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(path, "cannot be read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ConfigurationError(path, "is not UTF-8 text")
        }
        try self.init(text: text, path: path)
    }

    /// Reads the text of a file.
    package init(text: String, path: String) throws(ConfigurationError) {
        self.path = path
        let reader = SettingReader(file: path, table: FlagTable(Serve.self))
        var settings: [Setting] = []
        var models: [ModelSettings] = []
        for (name, value) in try Self.mapping(text, path: path) {
            let name = try reader.scalar(name, key: "a key")
            if name == "models" {
                models = try Self.models(value, path: path)
            } else if name == "config" {
                throw ConfigurationError(path, key: name, "a file cannot name another one")
            } else if let setting = try reader.setting(name, value, key: name) {
                settings.append(setting)
            }
        }
        self.settings = settings
        self.models = models
        try check()
    }

    /// The command line for the arguments that follow `serve`: what the file says goes in front,
    /// but for what they say themselves.
    package func expand(_ arguments: [String]) -> [String] {
        let given = Setting.list(in: arguments, of: FlagTable(Serve.self))
        var settings = settings.without(given)
        if let options = try? Serve.parse(arguments), options.engineOptions.model != nil {
            settings.removeAll { $0.flag.name == "model" }
        }
        return settings.arguments + arguments
    }

    /// The command line with what the file says that it names, if it names one.
    static func expand(_ arguments: [String]) throws(ConfigurationError) -> [String] {
        let given = Setting.list(in: arguments, of: FlagTable(Serve.self))
        guard let last = given.last(where: { $0.flag.name == "config" })?.arguments.last else {
            return arguments
        }
        let path = last.hasPrefix("--config=") ? String(last.dropFirst(9)) : last
        return try ConfigurationFile(path: path).expand(arguments)
    }

    /// The flags of one of the models: those of the file, over them its own, over them those of
    /// the command line.
    package func arguments(for model: ModelSettings, commandLine: [String]) -> [String] {
        let table = FlagTable(ModelOptions.self)
        let given = Setting.list(in: commandLine, of: table)
        let common = settings.filter { table[$0.flag.name] != nil }
        let all = common.without(model.settings + given) + model.settings.without(given) + given
        return all.arguments
    }

    private static func mapping(
        _ text: String, path: String
    ) throws(ConfigurationError) -> Node.Mapping {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw ConfigurationError(path, "is not valid YAML: \(error)")
        }
        guard let root, root.null == nil else { return Node.Mapping([]) }
        guard let mapping = root.mapping else {
            throw ConfigurationError(path, "must be a mapping of settings")
        }
        return mapping
    }

    private static func models(
        _ node: Node, path: String
    ) throws(ConfigurationError) -> [ModelSettings] {
        guard let sequence = node.sequence else {
            throw ConfigurationError(path, key: "models", "must be a list")
        }
        var models: [ModelSettings] = []
        for (index, node) in sequence.enumerated() {
            models.append(
                try ModelSettingsReader(file: path, key: "models[\(index)]").read(node))
        }
        return models
    }

    /// Lets the argument parser look at the values while it is still known where they come from.
    private func check() throws(ConfigurationError) {
        if !models.isEmpty, settings.contains(where: { $0.flag.name == "model" }) {
            throw ConfigurationError(path, key: "model", "cannot stand beside `models`")
        }
        do {
            _ = try Serve.parse(settings.arguments)
        } catch {
            throw ConfigurationError(path, Serve.message(for: error))
        }
    }
}
