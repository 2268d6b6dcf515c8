import MartletJSON
import Testing

@Suite struct JSONReaderTests {
    private func read<R>(
        _ text: String, _ body: (inout JSONReader) throws(JSONError) -> R
    ) throws(JSONError) -> R {
        let bytes = Array(text.utf8)
        let result = bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            return Result { () throws(JSONError) in try body(&reader) }
        }
        return try result.get()
    }

    @Test func `members and elements come in order, values as they are`() throws {
        let text = #" { "a" : [1, 2 ,3] , "b\n":{"x":"é\u00e9"}, "c" : [] , "d":{}, "e":null } "#
        let found = try read(text) { reader throws(JSONError) in
            var found: [String] = []
            try reader.enterObject()
            while let name = try reader.nextMember() {
                found.append(name)
                if name == "a" {
                    try reader.enterArray()
                    while try reader.nextElement() { found.append("\(try reader.readInteger())") }
                } else if reader.nextValue(beginsWith: "{") {
                    try reader.enterObject()
                    while try reader.nextMember({
                        found.append(String(decoding: $0, as: UTF8.self))
                    }) {
                        try reader.readStringBytes {
                            found.append(String(decoding: $0, as: UTF8.self))
                        }
                    }
                } else {
                    found.append("\(try reader.readValue().kind)")
                }
            }
            try reader.finish()
            return found
        }
        #expect(
            found == [
                "a", "1", "2", "3", "b\n", "x", "éé", "c", "an array", "d", "e", "null",
            ])
    }

    @Test(arguments: [
        "", "[", "{", #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, "{1:2}",
        #"{"a":1]"#, "{} x", "{\"\u{1}\":1}", #"{"a":1}}"#,
    ])
    func `malformed objects are refused`(text: String) {
        #expect(throws: JSONError.self) {
            try read(text) { reader throws(JSONError) in
                try reader.enterObject()
                while try reader.nextMember() != nil { _ = try reader.readValue() }
                try reader.finish()
            }
        }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE4, 0xBD, 0x22], [0x22, 0x80, 0x22],
        ] as [[UInt8]])
    func `strings that are no UTF-8 are refused`(bytes: [UInt8]) {
        _ = bytes.withUnsafeBufferPointer { buffer in
            #expect(throws: JSONError.self) {
                var reader = JSONReader(buffer)
                try reader.readStringBytes { _ in Issue.record("accepted") }
            }
        }
    }
}
