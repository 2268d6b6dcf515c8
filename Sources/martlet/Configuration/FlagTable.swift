import ArgumentParser
import MartletJSON
import OrderedCollections

/// The flags that a command understands, by every name that they have.
struct FlagTable: Sendable {
    /// What follows a flag.
    enum Kind: Hashable, Sendable {
        /// Nothing: it stands for true, and for false in its inverted form if there is one.
        case toggle
        case value
        case values
    }

    /// A flag.
    struct Flag: Hashable, Sendable {
        /// Its first name, without dashes.
        let name: String
        let kind: Kind
        /// The name that stands for false.
        var inverse: String?
    }

    private var flags: [String: Flag] = [:]

    /// The flags of `arguments`.
    ///
    /// - Source: What the argument parser dumps of a command for tools.
    init(_ arguments: (some ParsableArguments).Type) {
        let dump = try? JSONValue(parsing: arguments._dumpHelp())
        for argument in dump?["command"]?["arguments"]?.array ?? [] {
            add(argument)
        }
        for name in ["help", "h", "version"] { flags[name] = nil }
        // The inverted form of a toggle is dumped after it, as one of its own.
        for (name, flag) in flags {
            guard let inverted = flags["no-" + name] else { continue }
            var flag = flag
            flag.inverse = inverted.name
            flags[name] = flag
            flags[inverted.name] = flag
        }
    }

    private mutating func add(_ argument: JSONValue) {
        let names = (argument["names"]?.array ?? []).compactMap { $0["name"]?.string }
        guard let name = names.first(where: { $0.count > 1 }) else { return }
        let isRepeating = argument["isRepeating"]?.bool == true
        let flag = Flag(
            name: name,
            kind: argument["kind"] == "flag" ? .toggle : isRepeating ? .values : .value)
        for name in names { flags[name] = flag }
    }

    /// The flag with a name: dashes and underscores are the same, and leading dashes do not count.
    subscript(_ name: some StringProtocol) -> Flag? {
        let plain = name.drop { $0 == "-" }
        return flags[String(plain.map { $0 == "_" ? "-" : $0 })]
    }
}
