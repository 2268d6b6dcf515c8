/// Flags as vLLM spells them.
enum FlagSpelling {
    /// Underscores in the names of flags become dashes; values stay as they are.
    static func normalized(_ arguments: [String]) -> [String] {
        var result: [String] = []
        for (index, argument) in arguments.enumerated() {
            if argument == "--" { return result + arguments[index...] }
            guard argument.hasPrefix("--") else {
                result.append(argument)
                continue
            }
            let name = argument.prefix { $0 != "=" }
            let value = argument.dropFirst(name.count)
            result.append(name.map { $0 == "_" ? "-" : String($0) }.joined() + value)
        }
        return result
    }
}
