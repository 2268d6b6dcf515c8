import MartletChat
import MartletJSON
import OrderedCollections
import Testing

struct GoldenTests {
    @Test func `every feature renders as jinja2 renders it`() throws {
        let mismatches = try Golden("snippets").mismatches()
        #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
    }

    @Test func `random templates render as jinja2 renders them`() throws {
        let golden = try Golden("fuzz")
        let mismatches = try golden.mismatches()
        #expect(
            mismatches.isEmpty,
            "seed \(golden.content["seed"] ?? .null)\n\(mismatches.joined(separator: "\n"))")
    }

    @Test func `conversations render as transformers renders them`() throws {
        let golden = try Golden("chats")
        var templates: [String: ChatTemplate] = [:]
        for (name, source) in try #require(golden.content["templates"]?.object) {
            templates[name] = try ChatTemplate(try #require(source.string))
        }
        let prompts = try #require(golden.content["prompts"]?.array).map(Self.prompt)
        var mismatches: [String] = []
        for value in try #require(golden.content["cases"]?.array) {
            let name = try #require(value["template"]?.string)
            let template = try #require(templates[name])
            let prompt = prompts[try #require(value["prompt"]?.integer)]
            let result = Result<String, any Error> { try template.render(prompt) }
            if let difference = golden.difference(result, value["text"]?.string) {
                mismatches.append("\(name) \(value["title"] ?? .null)\n\(difference)")
            }
        }
        #expect(mismatches.isEmpty, "\(mismatches.joined(separator: "\n"))")
    }

    private static func prompt(_ value: JSONValue) throws -> ChatPrompt {
        var tokens: [String: String] = [:]
        for (name, token) in value["specialTokens"]?.object ?? [:] {
            tokens[name] = token.string
        }
        return ChatPrompt(
            messages: try #require(value["messages"]?.array), tools: value["tools"]?.array,
            documents: value["documents"]?.array,
            addGenerationPrompt: value["addGenerationPrompt"] == true,
            continueFinalMessage: value["continueFinalMessage"] == true,
            extraVariables: try #require(value["extraVariables"]?.object), specialTokens: tokens)
    }
}
