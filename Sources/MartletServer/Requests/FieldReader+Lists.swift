import MartletJSON
import OrderedCollections

extension FieldReader {
    /// More stop strings than this are refused.
    private static let maximumStopCount = 4

    package mutating func strings(_ name: String) -> [String]? {
        guard let elements = list(name) else { return nil }
        let texts = elements.compactMap(\.string)
        if texts.count == elements.count { return texts }
        report("string_type", name, "Input should be a valid string")
        return nil
    }

    package mutating func integers(_ name: String) -> [Int]? {
        guard let elements = list(name) else { return nil }
        let numbers = elements.compactMap(\.integer)
        if numbers.count == elements.count { return numbers }
        report("int_type", name, "Input should be a valid integer")
        return nil
    }

    /// The `stop` field: a string, or up to four of them. As a union it fails in both branches.
    package mutating func stopStrings() -> [String]? {
        let name = "stop"
        guard let value = value(name) else { return nil }
        if let text = value.string { return [text] }
        guard let elements = value.array else {
            report("string_type", name, "Input should be a valid string")
            report("list_type", name, "Input should be a valid list")
            return nil
        }
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else {
            report("string_type", name, "Input should be a valid string")
            return nil
        }
        guard texts.count <= Self.maximumStopCount else {
            report("string_type", name, "Input should be a valid string")
            let limit = Self.maximumStopCount
            report(
                "too_long", name,
                "List should have at most \(limit) items after validation, not \(texts.count)",
                context: "{'field_type': 'List', 'max_length': \(limit), "
                    + "'actual_length': \(texts.count)}")
            return nil
        }
        return texts
    }

    /// The `logit_bias` field: token ids, as member names, to what is added to their logits.
    package mutating func logitBias() throws(APIError) -> [Int: Float]? {
        guard let members = object("logit_bias") else { return nil }
        var bias: [Int: Float] = [:]
        for (name, value) in members {
            guard let number = value.double else {
                report("float_type", "logit_bias", "Input should be a valid number")
                return nil
            }
            guard let id = Int(name) else {
                throw .badRequest(
                    "Found token_id `\(name.prefix(64))` in logit_bias but token_id must be an "
                        + "integer or string representing an integer",
                    param: "logit_bias", value: PythonText.quoted(String(name.prefix(64))))
            }
            bias[id] = Float(min(100, max(-100, number)))
        }
        return bias
    }
}
