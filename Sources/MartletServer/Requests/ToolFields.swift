import HTTPTypes
import MartletJSON

/// The `tools` and `tool_choice` of a chat request.
struct ToolFields {
    private let tools: [JSONValue]?
    private let choice: JSONValue?

    init(reading reader: inout FieldReader) {
        tools = reader.list("tools")
        choice = reader.value("tool_choice")
        _ = reader.bool("parallel_tool_calls")
        for (index, tool) in (tools ?? []).enumerated() where tool["function"]?.object == nil {
            reader.report(
                "missing", "tools.\(index).function", "Field required")
        }
    }

    /// The tools for the template.
    ///
    /// Calls are not parsed out of the text yet, so a choice that asks for parsed calls is refused
    /// as by a vLLM without a tool-call parser.
    func checked() throws(APIError) -> [JSONValue]? {
        if let tools, tools.isEmpty {
            throw .badRequest(
                "`tools` must not be an empty array. Either provide at least one tool or omit "
                    + "the field entirely.", param: "tools")
        }
        guard let tools else {
            guard choice == nil || choice == "none" else {
                throw .badRequest(
                    "When using `tool_choice`, `tools` must be set.", param: "tool_choice")
            }
            return nil
        }
        switch choice {
        case "none": return tools
        case nil, "auto":
            throw APIError(
                .badRequest, "BadRequestError",
                "\"auto\" tool choice requires --enable-auto-tool-choice and "
                    + "--tool-call-parser to be set")
        case "required":
            throw APIError(
                .badRequest, "BadRequestError",
                "tool_choice=\"required\" requires --tool-call-parser to be set")
        case .string(let other):
            throw .badRequest(
                "Invalid value for `tool_choice`: \(other.prefix(64))! Only named tools, "
                    + "\"none\", \"auto\" or \"required\" are supported.", param: "tool_choice")
        default:
            throw APIError(
                .badRequest, "BadRequestError",
                "A named tool_choice requires --tool-call-parser to be set")
        }
    }
}
