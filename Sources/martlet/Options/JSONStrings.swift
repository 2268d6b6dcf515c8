import ArgumentParser
import MartletJSON

/// A list of strings on the command line, in JSON: `["a","b"]`; a bare word is a list of one.
struct JSONStrings: ExpressibleByArgument, Sendable {
    let values: [String]

    init(_ values: [String]) {
        self.values = values
    }

    init?(argument: String) {
        guard argument.hasPrefix("[") else {
            values = [argument]
            return
        }
        guard let list = (try? JSONValue(parsing: argument))?.array else { return nil }
        values = list.compactMap(\.string)
        guard values.count == list.count else { return nil }
    }

    var defaultValueDescription: String {
        String(decoding: JSONValue.array(values.map { .string($0) }).serialized, as: UTF8.self)
    }
}
