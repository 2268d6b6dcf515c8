import MartletJSON
import Testing

@Suite struct JSONValueTests {
    @Test func `a document keeps the order of its members and its kinds of numbers`() throws {
        let text = #"{"z":1,"a":[true,null,-2.5,1e3],"m":{"k":"v"}}"#
        let value = try JSONValue(parsing: text)
        #expect(value["z"] == .integer(1))
        #expect(value["a"]?.array == [true, nil, -2.5, .number(1000)])
        #expect(
            String(decoding: value.serialized, as: UTF8.self)
                == #"{"z":1,"a":[true,null,-2.5,1000.0],"m":{"k":"v"}}"#)
    }

    @Test(arguments: [
        (#""a\n\t\"\\\/\u00e9\ud83d\ude00""#, "a\n\t\"\\/é😀"),
        (#""\ud83d""#, "\u{FFFD}"),
        (#""\ud83d\u0041""#, "\u{FFFD}A"),
        (#""日本""#, "日本"),
    ])
    func `escapes become the characters they name`(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text) == .string(expected))
    }

    @Test(arguments: [
        ("", 0), ("{", 1), ("[1,]", 3), (#"{"a" 1}"#, 5), ("01", 2), ("1.", 2), ("nul", 0),
        ("[1] 2", 4), (#""a"#, 2), ("\"\u{1}\"", 1), ("-", 1), ("1e999", 0),
        (#"{"model": "tiny","#, 17),
    ])
    func `malformed text is refused with the offset of the fault`(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test func `invalid UTF-8 in a string is refused`() {
        #expect(throws: JSONError.self) {
            try JSONValue(parsing: [0x22, 0xFF, 0xFE, 0x22] as [UInt8])
        }
    }

    @Test func `nesting is bounded`() throws {
        let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        _ = try JSONValue(parsing: deep)
        #expect(throws: JSONError.self) { try JSONValue(parsing: "[" + deep + "]") }
    }

    @Test func `what is written reads back the same`() throws {
        let value: JSONValue = [
            "text": "quote \" backslash \\ newline \n bell \u{7} é 😀", "whole": 9_007_199,
            "part": 0.1, "list": [[], [:], nil, false],
        ]
        #expect(try JSONValue(parsing: value.serialized) == value)
    }
}
