import MartletTestSupport
import MartletWeights
import Testing

@Suite struct ConfigurationFileTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let file: ConfigurationFile

    init() throws {
        directory = try TemporaryDirectory()
        path = try directory.write(
            """
            {"size": 64, "whole": 4096.0, "half": 1.5, "name": "x", "flag": true, "none": null,
             "list": [1, 2], "mixed": [1, "a"], "words": ["a", "b"], "section": {"size": "no"}}
            """, "config.json")
        file = try ConfigurationFile(path: path)
    }

    private func complaint(_ field: String, _ reason: String) -> WeightsError {
        .invalidField(file: path, field: field, reason: reason)
    }

    @Test func `fields read as what they are`() throws {
        #expect(try file.integer("size", in: 1...100) == 64)
        #expect(try file.integer("whole", in: 1...10_000) == 4096)
        #expect(try file.number("half", in: 0...2) == 1.5)
        #expect(try file.number("size", in: 0...100) == 64)
        #expect(try file.string("name") == "x")
        #expect(try file.boolean("flag", default: false))
        #expect(try file.integers("list", in: 0...9) == [1, 2])
        #expect(try file.integers("size", in: 0...99) == [64])
        #expect(try file.stringsIfPresent("words") == ["a", "b"])
    }

    @Test func `null and absent fields are missing`() throws {
        for field in ["none", "absent"] {
            #expect(!file.has(field))
            #expect(try file.integerIfPresent(field, in: 0...1) == nil)
            #expect(try file.numberIfPresent(field, in: 0...1) == nil)
            #expect(try file.stringIfPresent(field) == nil)
            #expect(try file.stringsIfPresent(field) == nil)
            #expect(try file.booleanIfPresent(field) == nil)
            #expect(try file.boolean(field, default: true))
            #expect(try file.integers(field, in: 0...1) == [])
            #expect(try file.section(field) == nil)
            #expect(throws: complaint(field, "is missing")) {
                try file.integer(field, in: 0...1)
            }
        }
    }

    @Test func `wrong types and values out of range name file and field`() throws {
        #expect(throws: complaint("name", "is a string, expected an integer")) {
            try file.integer("name", in: 0...1)
        }
        #expect(throws: complaint("half", "is a number, expected an integer")) {
            try file.integer("half", in: 0...1)
        }
        #expect(throws: complaint("size", "is 64, expected 1 to 63")) {
            try file.integer("size", in: 1...63)
        }
        #expect(throws: complaint("half", "is 1.5, expected 0.0 to 1.0")) {
            try file.number("half", in: 0...1)
        }
        #expect(throws: complaint("size", "is a number, expected a boolean")) {
            try file.boolean("size", default: false)
        }
        #expect(throws: complaint("mixed", "is an array, expected a list of strings")) {
            try file.stringsIfPresent("mixed")
        }
        #expect(throws: complaint("list", "has 2, expected 0 to 1")) {
            try file.integers("list", in: 0...1)
        }
    }

    @Test func `fields of a section are named with it`() throws {
        let section = try #require(try file.section("section"))
        #expect(throws: complaint("section.size", "is a string, expected an integer")) {
            try section.integer("size", in: 0...1)
        }
        #expect(throws: complaint("list", "is an array, expected an object")) {
            try file.section("list")
        }
    }

    @Test(arguments: ["", "{", "[1]", "{\"a\":1}x", "\u{FEFF}{}", "nul"])
    func `what is no JSON object is refused`(text: String) throws {
        let path = try directory.write(text, "broken.json")
        let error = #expect(throws: WeightsError.self) { try ConfigurationFile(path: path) }
        guard case .malformedConfiguration(path, _) = error else {
            Issue.record("\(text): \(String(describing: error))")
            return
        }
    }

    @Test func `files that cannot be read are named`() throws {
        for path in [directory.path + "/absent.json", directory.path, "a\0b"] {
            let error = #expect(throws: WeightsError.self) { try ConfigurationFile(path: path) }
            guard case .unreadable(path, _) = error else {
                Issue.record("\(path): \(String(describing: error))")
                continue
            }
        }
    }
}
