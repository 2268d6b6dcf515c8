package import MartletJSON
import OrderedCollections

/// Values in Python's notation, for messages that clients of vLLM already know.
package enum PythonText {
    /// Longer strings are cut: a message must not echo a whole hostile body.
    private static let maximumStringLength = 200

    /// The value as pydantic's report shows an input.
    package static func summary(of value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .integer(let number): String(number)
        case .number(let number): number.description
        case .string(let text): quoted(String(text.prefix(maximumStringLength)))
        case .array(let elements): "'<list of \(elements.count) items>'"
        case .object(let members): "'<dict of \(members.count) items>'"
        }
    }

    /// The text as Python's `repr` quotes it.
    package static func quoted(_ text: String) -> String {
        let quote: Character = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\\": result += "\\\\"
            case "'" where quote == "'": result += "\\'"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        result.append(quote)
        return result
    }
}
