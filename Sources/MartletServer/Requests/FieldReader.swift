package import MartletJSON
import OrderedCollections

/// Reads the typed fields of a request's body and collects everything that is wrong with it.
///
/// Conversions are as lenient as pydantic's: `"0.5"` is a number, `1` is true. A member that is
/// null counts as absent.
///
/// - Source: pydantic 2's error types and texts, as vLLM 0.32 reports them.
package struct FieldReader {
    package let members: JSONObject
    package private(set) var issues: [ValidationIssue] = []
    private let location: String
    private var names: Set<String> = []

    package init(_ members: JSONObject, location: String = "body") {
        self.members = members
        self.location = location
    }

    /// A reader of a whole body.
    package init(body: JSONValue) throws(APIError) {
        guard case .object(let members) = body else {
            throw APIError([ValidationIssue(notAnObject: body)])
        }
        self.init(members)
    }

    /// Throws what was found wrong.
    package func finish() throws(APIError) {
        if !issues.isEmpty { throw APIError(issues) }
    }

    // MARK: Issues

    package mutating func report(
        _ type: String, _ name: String, _ message: String, context: String? = nil
    ) {
        let input = PythonText.summary(of: members[name] ?? .null)
        issues.append(
            ValidationIssue(
                type, at: "\(location).\(name)", message, input: input, context: context))
    }

    /// Takes over what was found wrong in a nested object.
    package mutating func adopt(_ nested: FieldReader) {
        issues += nested.issues
    }

    package mutating func reportMissing(_ name: String) {
        issues.append(
            ValidationIssue(
                "missing", at: "\(location).\(name)", "Field required",
                input: PythonText.summary(of: .object(members))))
    }

    /// Reports every member that no one has read.
    package mutating func rejectUnknownMembers() {
        for name in members.keys where !names.contains(name) {
            report("extra_forbidden", name, "Extra inputs are not permitted")
        }
    }

    // MARK: Fields

    /// The member as it stands; nil where it is absent or null.
    package mutating func value(_ name: String) -> JSONValue? {
        names.insert(name)
        guard let value = members[name], !value.isNull else { return nil }
        return value
    }

    package mutating func string(_ name: String) -> String? {
        guard let value = value(name) else { return nil }
        if let text = value.string { return text }
        report("string_type", name, "Input should be a valid string")
        return nil
    }

    package mutating func bool(_ name: String) -> Bool? {
        guard let value = value(name) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .integer(0), .number(0): return false
        case .integer(1), .number(1): return true
        case .string(let text):
            if ["true", "1", "yes", "on", "y", "t"].contains(text.lowercased()) { return true }
            if ["false", "0", "no", "off", "n", "f"].contains(text.lowercased()) { return false }
            report(
                "bool_parsing", name,
                "Input should be a valid boolean, unable to interpret input")
        case .integer, .number:
            report(
                "bool_parsing", name,
                "Input should be a valid boolean, unable to interpret input")
        default: report("bool_type", name, "Input should be a valid boolean")
        }
        return nil
    }

    package mutating func integer(_ name: String) -> Int? {
        guard let value = value(name) else { return nil }
        switch value {
        case .integer(let number): return number
        case .bool(let flag): return flag ? 1 : 0
        case .number(let number):
            if let whole = Int(exactly: number) { return whole }
            report(
                "int_from_float", name,
                "Input should be a valid integer, got a number with a fractional part")
        case .string(let text):
            if let number = Int(text) { return number }
            report(
                "int_parsing", name,
                "Input should be a valid integer, unable to parse string as an integer")
        default: report("int_type", name, "Input should be a valid integer")
        }
        return nil
    }

    package mutating func number(_ name: String) -> Double? {
        guard let value = value(name) else { return nil }
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number): return number
        case .bool(let flag): return flag ? 1 : 0
        case .string(let text):
            if let number = Double(text) { return number }
            report(
                "float_parsing", name,
                "Input should be a valid number, unable to parse string as a number")
        default: report("float_type", name, "Input should be a valid number")
        }
        return nil
    }

    package mutating func object(_ name: String) -> JSONObject? {
        guard let value = value(name) else { return nil }
        if let members = value.object { return members }
        report("dict_type", name, "Input should be a valid dictionary")
        return nil
    }

    package mutating func list(_ name: String) -> [JSONValue]? {
        guard let value = value(name) else { return nil }
        if let elements = value.array { return elements }
        report("list_type", name, "Input should be a valid list")
        return nil
    }
}
