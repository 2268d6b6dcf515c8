import ArgumentParser
import Yams

/// Reads one entry of the list.
struct ModelSettingsReader {
    let file: String
    /// The entry's place in the file.
    let key: String

    func read(_ node: Node) throws(ConfigurationError) -> ModelSettings {
        guard let mapping = node.mapping else {
            throw ConfigurationError(file, key: key, "must be a mapping")
        }
        guard let model = mapping["model"]?.scalar?.string, !model.isEmpty else {
            throw ConfigurationError(file, key: "\(key).model", "is missing")
        }
        var result = ModelSettings(model: model)
        let reader = SettingReader(file: file, table: FlagTable(ModelOptions.self))
        for (name, value) in mapping {
            let name = try reader.scalar(name, key: key)
            let place = "\(key).\(name)"
            switch String(name.map { $0 == "-" ? "_" : $0 }) {
            case "model": continue
            case "served_model_name":
                let names = value.sequence.map { Array($0) } ?? [value]
                for name in names {
                    result.servedNames.append(try reader.scalar(name, key: place))
                }
            case "pinned":
                guard let isPinned = value.bool else {
                    throw ConfigurationError(file, key: place, "must be true or false")
                }
                result.isPinned = isPinned
            case "keep_alive": result.keepAlive = try keepAlive(value, key: place)
            case "load": result.loading = try loading(value, key: place)
            case "threads":
                throw ConfigurationError(
                    file, key: place, "belongs to the whole file: models share the threads")
            default:
                if let setting = try reader.setting(name, value, key: place) {
                    result.settings.append(setting)
                }
            }
        }
        try check(result)
        return result
    }

    private func loading(_ node: Node, key: String) throws(ConfigurationError)
        -> ModelSettings.Loading
    {
        guard let text = node.scalar?.string, let loading = ModelSettings.Loading(rawValue: text)
        else { throw ConfigurationError(file, key: key, "must be eager or lazy") }
        return loading
    }

    /// Seconds, or a number with a unit: `300`, `5m`, `1h`; negative for ever.
    private func keepAlive(_ node: Node, key: String) throws(ConfigurationError) -> Duration? {
        let text = node.scalar?.string ?? ""
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let factor = text.last.flatMap { units[$0] }
        let digits = factor == nil ? text : String(text.dropLast())
        guard let number = Double(digits), number.isFinite, abs(number) < 1e9 else {
            throw ConfigurationError(
                file, key: key, "must be a number of seconds, or one with the unit s, m or h")
        }
        return number < 0 ? nil : .seconds(number * (factor ?? 1))
    }

    private func check(_ model: ModelSettings) throws(ConfigurationError) {
        do {
            _ = try ModelOptions.parse(model.settings.arguments)
        } catch {
            throw ConfigurationError(file, key: key, ModelOptions.message(for: error))
        }
    }
}
