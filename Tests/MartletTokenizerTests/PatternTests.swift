import MartletTokenizer
import Testing

@Suite struct PatternTests {
    private func parts(_ pattern: String, _ text: String) throws -> [String] {
        let bytes = text.bytes
        return try Pattern(pattern).matches(in: text).ranges.map {
            String(decoding: bytes[$0], as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("a|ab", "ab", ["a"]),
        ("(?:a|ab)c", "abc", ["abc"]),
        ("a*", "baac", ["", "aa", ""]),
        ("a+?", "aaa", ["a", "a", "a"]),
        ("a*+a", "aaa", []),
        ("a{2}", "aaaaa", ["aa", "aa"]),
        ("a{2,}?b", "aaab", ["aaab"]),
        ("a{,2}b", "aaab", ["aab"]),
        ("a{x", "a{x", ["a{x"]),
        ("(?:ab){2,3}", "abababab", ["ababab"]),
        ("(?:ab)+?c", "ababc", ["ababc"]),
        ("(?>a+)ab", "aaab", []),
        ("a(?=b)", "abac", ["a"]),
        ("a(?!b)", "abac", ["a"]),
        ("(?<=b)a", "abaca", ["a"]),
        ("(?<!b|cc)a", "abacca", ["a"]),
        ("(?!ab)\\w+", "ab b", ["b", "b"]),
        ("(?:a|(?=b))*", "aab", ["aa"]),
        ("(a*)*b", "aab", ["aab"]),
        ("(?:a*|b)*c", "abac", ["abac"]),
    ])
    func `groups, repetitions and look-around`(
        pattern: String, text: String, expected: [String]
    ) throws {
        let found = try parts(pattern, text).filter { !$0.isEmpty || expected.contains("") }
        #expect(found == expected)
    }

    @Test(arguments: [
        ("(?i:'s|re)", "'S'ſREx", ["'S", "'ſ", "RE"]),
        ("(?i)k+", "kK\u{212A}", ["kK\u{212A}"]),
        ("a(?i)b|c", "aBCaC", ["aB", "aC"]),
        ("(?i-i:a)A", "aA AA", ["aA"]),
        ("[^a-c\\s]+", "abXYc Z", ["XY", "Z"]),
        ("[a-z&&[^aeiou]]+", "hello", ["h", "ll"]),
        ("[\\p{Lu}\\d-]+", "AB-12cd", ["AB-12"]),
        ("[[:alpha:]]+", "né3", ["né"]),
        ("\\p{^L}+", "a12b", ["12"]),
        ("\\pL+", "aé文1", ["aé文"]),
        ("\\p{Han}+", "漢字かな", ["漢字"]),
        ("\\x{1F600}|\\u00e9|\\x41", "😀éA", ["😀", "é", "A"]),
        (".+", "a\nb", ["a", "b"]),
        ("(?m:.+)", "a\nb", ["a\nb"]),
        ("^\\w", "ab\ncd", ["a", "c"]),
        ("\\w$", "ab\ncd", ["b", "d"]),
        ("\\Aa|b\\z", "aab", ["a", "b"]),
        ("\\bfoo\\b", "foo food foo", ["foo", "foo"]),
        ("(?x) a b # comment", "ab", ["ab"]),
        ("(?#comment)a", "a", ["a"]),
        ("\\R", "a\r\nb\u{2028}", ["\r\n", "\u{2028}"]),
        ("(?<name>a)|(?'other'b)", "ab", ["a", "b"]),
    ])
    func `classes, case and anchors`(pattern: String, text: String, expected: [String]) throws {
        #expect(try parts(pattern, text).map(\.bytes) == expected.map(\.bytes))
    }

    @Test(arguments: [
        "(", ")", "[a", "a**(", "*", "a{3,2}", "\\", "(?", "(?<n", "\\p{Nonsense}", "\\1",
        "(?~x)", "[b-a]", "\\x{110000}", "(?<=a+)b", "\\X", "(?:a{1000}{1000}|b){30}",
        "(?:(?:(?:ab){1000}){1000}){1000}", String(repeating: "(", count: 10_000),
    ])
    func `what is malformed, unsupported or too large is refused`(pattern: String) {
        #expect(throws: PatternError.self) { _ = try Pattern(pattern) }
    }

    /// Each of these takes exponential or quadratic time when nothing bounds it.
    @Test(arguments: [
        "(a+)+$b", "(a|a)*b", "(?:a*)*b", "(?:a?){40}a{40}b", "a*a*a*a*b", "(?:.*?)*?b",
    ])
    func `no pattern hangs`(pattern: String) throws {
        let text = String(repeating: "a", count: 20_000)
        let result = try Pattern(pattern).matches(in: text)
        #expect(result.ranges.allSatisfy { $0.upperBound <= 20_000 })
    }

    @Test func `the patterns of real tokenizers get to the end of any text`() throws {
        let pattern = try Pattern(
            #"(?i:'s|'t|'re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"#
                + #"\s*[\r\n]+|\s+(?!\S)|\s+"#)
        for unit in ["a", " ", "\n", " \n", "'", "1", "文", "\t x", "\u{301}", " !\r"] {
            let text = String(repeating: unit, count: 100_000)
            let result = pattern.matches(in: text)
            #expect(result.isComplete, "\(unit.debugDescription)")
            #expect(result.ranges.reduce(0) { $0 + $1.count } == text.utf8.count)
        }
    }
}
