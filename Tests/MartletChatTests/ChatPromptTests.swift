import MartletChat
import MartletJSON
import OrderedCollections
import Testing

struct ChatPromptTests {
    private static let plain =
        "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
        + "{% if add_generation_prompt %}<assistant>{% endif %}"

    private static let walking =
        "{% for m in messages %}<{{ m.role }}>{% for part in m.content %}[{{ part.text }}]"
        + "{% endfor %}{% endfor %}"

    private static let parts: JSONValue = [
        "role": "user",
        "content": [["type": "text", "text": "one"], ["type": "text", "text": "two"]],
    ]

    @Test(arguments: [
        (plain, ContentFormat.string),
        (walking, .openAI),
        ("{% for m in messages[1:] %}{% for p in m['content'] %}{% endfor %}{% endfor %}", .openAI),
        (
            "{% set turns = messages|list %}{% for m in turns %}"
                + "{% for p in m.content|reverse %}{% endfor %}{% endfor %}", .openAI
        ),
        (
            "{% macro show(content) %}{% for part in content %}{% endfor %}{% endmacro %}"
                + "{{ show(messages[0].content) }}", .openAI
        ),
        ("{% for m in messages %}{% for c in m.tool_calls %}{% endfor %}{% endfor %}", .string),
        ("{% for m in other %}{% for c in m.content %}{% endfor %}{% endfor %}", .string),
        ("{% for a, b in messages %}{% for c in a.content %}{% endfor %}{% endfor %}", .string),
        ("{% set a = messages %}{% set messages = a %}{% set a = messages %}{{ a }}", .string),
    ])
    func `a template that walks over content wants parts`(source: String, format: ContentFormat)
        throws
    {
        #expect(try ChatTemplate(source).contentFormat == format)
    }

    @Test func `text parts join with newlines where the template wants text`() throws {
        let prompt = ChatPrompt(messages: [Self.parts])
        #expect(try ChatTemplate(Self.plain).render(prompt) == "<user>one\ntwo<assistant>")
        #expect(try ChatTemplate(Self.walking).render(prompt) == "<user>[one][two]")
    }

    @Test(
        arguments: [
            ["role": "user", "content": [["type": "image_url", "image_url": ["url": "data:"]]]],
            ["role": "user", "content": [["type": "text"]]], ["role": "user", "content": [5]],
            "hello",
        ] as [JSONValue])
    func `what is not text is refused with its place`(message: JSONValue) throws {
        let template = try ChatTemplate(Self.plain)
        #expect {
            try template.render(ChatPrompt(messages: [["role": "user", "content": "x"], message]))
        } throws: {
            guard case .invalidPrompt(let text)? = $0 as? TemplateError else { return false }
            return text.hasPrefix("messages[1]")
        }
    }

    @Test func `extra variables go before special tokens but not before messages`() throws {
        let template = try ChatTemplate("{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}")
        var prompt = ChatPrompt(
            messages: [], extraVariables: ["eos_token": "E", "add_generation_prompt": false],
            specialTokens: ["bos_token": "b", "eos_token": "e"])
        #expect(try template.render(prompt) == "bEFalse")
        prompt.extraVariables["messages"] = []
        #expect(throws: TemplateError.self) { try template.render(prompt) }
    }

    @Test func `a continued message cannot start another`() throws {
        let template = try ChatTemplate(Self.plain)
        var prompt = ChatPrompt(
            messages: [["role": "assistant", "content": "Once upon "]],
            addGenerationPrompt: true, continueFinalMessage: true)
        #expect(throws: TemplateError.self) { try template.render(prompt) }
        prompt.addGenerationPrompt = false
        #expect(try template.render(prompt) == "<assistant>Once upon ")
    }

    @Test func `normalized messages are what a server hands to a template`() throws {
        let prompt = ChatPrompt(messages: [
            Self.parts,
            [
                "role": "assistant", "content": nil,
                "tool_calls": [
                    ["function": ["name": "f", "arguments": "{\"a\": [1, 2.5]}"]],
                    ["function": ["name": "g", "arguments": ""]],
                ],
            ],
            ["role": "assistant", "content": "x", "tool_calls": []],
        ])
        let messages = try prompt.normalized(for: .string).messages
        #expect(messages[0]["content"] == "one\ntwo")
        #expect(messages[1]["content"] == "")
        let calls = try #require(messages[1]["tool_calls"]?.array)
        #expect(calls[0]["function"]?["arguments"] == ["a": [1, 2.5]])
        #expect(calls[1]["function"]?["arguments"] == [:])
        #expect(messages[2]["tool_calls"] == nil)
        let wrapped = try prompt.normalized(for: .openAI).messages
        #expect(wrapped[2]["content"] == [["type": "text", "text": "x"]])
        var broken = prompt
        broken.messages = [
            ["role": "assistant", "tool_calls": [["function": ["arguments": "{"]]]]
        ]
        #expect(throws: TemplateError.self) { try broken.normalized(for: .string) }
    }
}
