import MartletTestSupport
import MartletTokenizer
import Testing

@Suite struct StopStringMatcherTests {
    private func run(
        _ stops: [String], include: Bool = false, _ deltas: [String]
    ) -> (text: String, match: String?) {
        var matcher = StopStringMatcher(stopStrings: stops, includeInOutput: include)
        var text = ""
        for delta in deltas {
            let result = matcher.append(delta)
            text += result.text
            if let match = result.match { return (text, match) }
        }
        return (text + matcher.finish(), nil)
    }

    @Test func `a stop string cuts the text wherever the deltas are cut`() {
        #expect(run(["END"], ["one E", "N", "D two"]) == ("one ", "END"))
        #expect(run(["END"], include: true, ["one E", "ND two"]) == ("one END", "END"))
        #expect(run(["END"], ["one EN", "d two"]) == ("one ENd two", nil))
        #expect(run(["aab"], ["aa", "a", "b"]) == ("a", "aab"))
        #expect(run([], ["a", "b"]) == ("ab", nil))
        #expect(run([""], ["a", "b"]) == ("ab", nil))
        #expect(run(["好"], ["你", "好吗"]) == ("你", "好"))
    }

    @Test func `the match that ends first wins, then the order of the list`() {
        #expect(run(["bcd", "c"], ["abcd"]).match == "c")
        #expect(run(["xbc", "bc", "c"], ["axbc"]) == ("a", "xbc"))
        #expect(run(["c", "bc"], ["abc"]) == ("ab", "c"))
    }

    @Test func `only a real beginning is withheld`() {
        var matcher = StopStringMatcher(stopStrings: ["</tool>", "\n\n"], includeInOutput: false)
        #expect(matcher.append("hello").text == "hello")
        #expect(matcher.append(" <").text == " ")
        #expect(matcher.append("b>\n").text == "<b>")
        #expect(matcher.append("x").text == "\nx")
        #expect(matcher.append("</too").text == "")
        #expect(matcher.finish() == "</too")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `random texts end where a search of the whole text says`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let stops = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                word(1...4, &generator)
            }
            let deltas = (0..<8).map { _ in word(0...4, &generator) }
            let include = Bool.random(using: &generator)
            let expected = search(stops, include, deltas.joined())
            let found = run(stops, include: include, deltas)
            #expect(found == expected, "seed \(seed): \(stops) in \(deltas)")
        }
    }

    private func word(
        _ length: ClosedRange<Int>, _ generator: inout SeededGenerator
    ) -> String {
        let count = Int.random(in: length, using: &generator)
        return String((0..<count).map { _ in "abé".randomElement(using: &generator) ?? "a" })
    }

    /// The definition: of the matches that end first, the first in the list.
    private func search(
        _ stops: [String], _ include: Bool, _ text: String
    ) -> (text: String, match: String?) {
        let characters = Array(text)
        for end in 0...characters.count {
            for stop in stops where characters[..<end].suffix(stop.count) == Array(stop)[...] {
                return (String(characters[..<(include ? end : end - stop.count)]), stop)
            }
        }
        return (text, nil)
    }
}
