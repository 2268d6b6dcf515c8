import MartletChat
import MartletJSON
import OrderedCollections
import Testing

struct ChatTemplateTests {
    private func error(_ source: String, _ variables: JSONObject = [:]) -> TemplateError? {
        do throws(TemplateError) {
            _ = try ChatTemplate(source).render(variables)
            return nil
        } catch {
            return error
        }
    }

    @Test func `errors say what went wrong and on which line`() {
        #expect(
            error("a\n{% if %}")
                == .syntax(line: 2, message: "Expected an expression, got 'end of statement block'")
        )
        #expect(error("a\n\n{{ x.y }}") == .undefined(line: 3, message: "'x' is undefined"))
        #expect(
            error("{% if true %}\n{{ 1 + 'a' }}{% endif %}")
                == .runtime(line: 2, message: "unsupported operand type(s) for +: 'int' and 'str'"))
        #expect(error("{{ raise_exception('no ' ~ 5) }}") == .raised(message: "no 5"))
        #expect(error("\n{% include 'a' %}") == .unsupported(line: 2, feature: "the tag 'include'"))
        #expect(error("{{ 'a' * 10**12 }}") == .limitExceeded(line: 1, limit: "text too long"))
        #expect(error("{{ 1|nothing }}") == .syntax(line: 1, message: "No filter named 'nothing'."))
    }

    @Test func `there is no clock and no way out`() throws {
        let source = "{{ strftime_now is defined }} {{ lipsum is defined }} {{ ''.__class__ }}"
        #expect(try ChatTemplate(source).render([:]) == "False False ")
    }

    @Test func `strings with one meaning and two spellings stay apart`() throws {
        let variables: JSONObject = ["a": "\u{e9}", "b": "e\u{301}"]
        let source =
            "{{ a == b }} {{ a|length }}{{ b|length }} {{ {a: 1, b: 2}|length }} {{ a in b }}"
        #expect(try ChatTemplate(source).render(variables) == "False 12 2 False")
    }

    @Test func `one template renders on many tasks at once`() async throws {
        let template = try ChatTemplate(
            "{% set ns = namespace(t=0) %}{% for x in xs %}{% set ns.t = ns.t + x %}{% endfor %}"
                + "{{ ns.t }}"
        )
        let results = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for task in 0..<32 {
                group.addTask {
                    (
                        task,
                        try template.render(["xs": .array([JSONValue](repeating: 1, count: task))])
                    )
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for task in 0..<32 { #expect(results[task] == "\(task)") }
    }

    @Test func `a conversation of 20 messages renders in well under a millisecond`() throws {
        let golden = try Golden("chats")
        let source = try #require(golden.content["templates"]?["qwen3"]?.string)
        let template = try ChatTemplate(source)
        let messages = (0..<20).map { index -> JSONValue in
            [
                "role": index % 2 == 0 ? "user" : "assistant",
                "content": .string("Message \(index) " + String(repeating: "word ", count: 40)),
            ]
        }
        let prompt = ChatPrompt(messages: messages)
        var fastest = Duration.seconds(1)
        for _ in 0..<50 {
            fastest = try min(
                fastest, ContinuousClock().measure { _ = try template.render(prompt) })
        }
        print("20 messages, Qwen3-style template: \(fastest)")
        #if !DEBUG
        #expect(fastest < .milliseconds(1))
        #endif
    }
}
