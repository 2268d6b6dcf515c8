/// One flag with its values, as it stands on a command line.
struct Setting: Hashable, Sendable {
    let flag: FlagTable.Flag
    /// The flag and its values, ready for the argument parser.
    var arguments: [String]

    /// The flags on a command line; what belongs to none is left out.
    static func list(in arguments: [String], of table: FlagTable) -> [Setting] {
        var settings: [Setting] = []
        var rest = arguments[...]
        while let argument = rest.popFirst(), argument != "--" {
            let name = argument.prefix { $0 != "=" }
            guard argument.hasPrefix("-"), let flag = table[name] else { continue }
            var setting = Setting(flag: flag, arguments: [argument])
            if flag.kind != .toggle, name.count == argument.count {
                setting.take(from: &rest)
            }
            settings.append(setting)
        }
        return settings
    }

    private mutating func take(from rest: inout ArraySlice<String>) {
        while let value = rest.first {
            if flag.kind == .values, value.hasPrefix("-") { return }
            arguments.append(value)
            rest.removeFirst()
            if flag.kind == .value { return }
        }
    }
}

extension [Setting] {
    /// These settings, without those that `others` make as well.
    func without(_ others: [Setting]) -> [Setting] {
        let names = Set(others.map(\.flag.name))
        return filter { !names.contains($0.flag.name) }
    }

    /// The settings as a command line.
    var arguments: [String] { flatMap(\.arguments) }
}
