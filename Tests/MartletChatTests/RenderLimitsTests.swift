import MartletChat
import MartletJSON
import OrderedCollections
import Testing

/// Hostile templates end in a typed error, quickly, and never stop the process.
///
/// The limits allow about a third of a second; the bounds on time here leave room for busy machines
/// and debug builds.
@Suite(.serialized)
struct RenderLimitsTests {
    private static let patience = Duration.seconds(20)
    private static let parens = String(repeating: "(", count: 100_000)

    static let hostile: [String] = [
        "{% for i in range(10**12) %}x{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{% for i in range(99999) %}{% for j in range(99999) %}{{ i * j }}{% endfor %}{% endfor %}",
        "{{ 'a' * 10**9 }}", "{{ 'a' * 10**18 * 100 }}", "{{ [0] * 10**10 }}", "{{ (0,) * 2**62 }}",
        "{{ 9223372036854775807 + 1 }}", "{{ -9223372036854775807 - 2 }}",
        "{{ 9223372036854775807 * 9223372036854775807 }}", "{{ 10 ** 100 }}", "{{ 2 ** 64 }}",
        "{{ (-9223372036854775807 - 1) // -1 }}", "{{ -(-9223372036854775807 - 1) }}",
        "{{ (-9223372036854775807 - 1)|abs }}", "{{ 1e300|int }}",
        "{{ ('9' * 30)|int }}", "{{ 1 // 0 }}", "{{ 1 % 0 }}", "{{ 1.5 // 0 }}", "{{ 0 ** -1 }}",
        "{{ 10.0 ** 1000 }}", "{{ range(1, 5, 0) }}",
        "{{ range(-9223372036854775807, 9223372036854775807) }}",
        "{{ 'a\nb'|indent(10**12) }}", "{{ ('a\n' * 10000)|indent(100000) }}",
        "{{ 'a'|center(10**12) }}", "{{ 'a'.ljust(9223372036854775807) }}",
        "{{ 'a'.rjust(10**10, 'é') }}", "{{ '1'.zfill(10**10) }}",
        "{{ '\t'.expandtabs(10**12) }}", "{{ ('\t' * 10000).expandtabs(100000) }}",
        "{{ '%1000000000000d' % 1 }}", "{{ '%99999999999999999999d' % 1 }}",
        "{{ '%.1000000000f' % 1.5 }}", "{{ '%*d' % (10**15, 1) }}",
        "{{ '{:1000000000000}'.format(1) }}", "{{ '{:.1000000000f}'.format(1.5) }}",
        "{{ '{:99999999999999999999}'.format(1) }}",
        "{{ ('a' * 10**6).replace('', 'b' * 10**6) }}", "{{ [1]|batch(10**12, 0)|list }}",
        "{{ range(99999)|join('x' * 10000) }}", "{{ {'a': [1]}|tojson(indent=10**12) }}",
        "{{ range(5)|slice(10**12)|list }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}"
            + "{% macro r() %}{% call m() %}{{ r() }}{% endcall %}{% endmacro %}{{ r() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}"
            + "{% set ns.x = [ns.x] %}{% endfor %}",
        "{% set ns = namespace(x=1) %}{% for i in range(99999) %}"
            + "{% set ns.x = {'a': ns.x} %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}"
            + "{% set ns.x = ns.x|map('string') %}{% endfor %}{{ ns.x|list }}",
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
        "{% set ns = namespace(x='a') %}{% for i in range(99) %}"
            + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}"
            + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}"
            + "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[1]) %}{% for i in range(99) %}"
            + "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x|tojson }}",
        "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(99) %}"
            + "{% set ns.x = [ns.x, ns.x] %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set ns = namespace(x=(1,)) %}{% for i in range(99) %}"
            + "{% set ns.x = (ns.x, ns.x) %}{% endfor %}{{ {ns.x: 1} }}",
        "{% filter indent(99999) %}{{ 'a\n' * 99999 }}{% endfilter %}",
        "{% set x = 'a' * 60000000 %}{{ x }}{{ x }}",
        "{{ \(parens)", "{{ \(String(repeating: "[", count: 100_000))",
        "{{ \(String(repeating: "{'a':", count: 100_000))",
        "{{ \(String(repeating: "-", count: 100_000))1 }}",
        "{{ \(String(repeating: "not ", count: 100_000))1 }}",
        "{{ \(String(repeating: "1 if 1 else ", count: 50_000))1 }}",
        "{{ 1\(String(repeating: " + 1", count: 100_000)) }}",
        "{{ a\(String(repeating: ".a", count: 100_000)) }}",
        "{{ a\(String(repeating: "[0]", count: 100_000)) }}",
        "{{ a\(String(repeating: "()", count: 100_000)) }}",
        "{{ a\(String(repeating: "|a", count: 100_000)) }}",
        "{{ a\(String(repeating: "|upper", count: 100_000)) }}",
        "{{ a\(String(repeating: " is odd", count: 100_000)) }}",
        "{{ a\(String(repeating: " and a", count: 100_000)) }}",
        "{{ a\(String(repeating: " if a", count: 100_000)) }}",
        String(repeating: "{% if 1 %}", count: 50_000),
        String(repeating: "{% for x in [1] %}", count: 50_000),
        String(repeating: "{% macro m() %}", count: 50_000),
        "{% set \(String(repeating: "(", count: 100_000))",
        String(repeating: "{# ", count: 100_000), String(repeating: "{% raw %}", count: 100_000),
        String(repeating: "x", count: 2 << 20),
    ]

    @Test(arguments: hostile.indices)
    func `a hostile template ends in a typed error soon`(index: Int) {
        let clock = ContinuousClock()
        let duration = clock.measure {
            #expect(throws: TemplateError.self, "\(Self.hostile[index].prefix(100))") {
                try ChatTemplate(Self.hostile[index]).render([:])
            }
        }
        #expect(duration < Self.patience, "\(Self.hostile[index].prefix(100))")
    }

    @Test func `adversarial searches take linear time`() throws {
        let text = JSONValue.string(String(repeating: "a", count: 1 << 20))
        let needle = JSONValue.string(String(repeating: "a", count: 1 << 19) + "b")
        let template = try ChatTemplate(
            "{{ text.find(needle) }} {{ text.rfind(needle) }} {{ text.count(needle) }} "
                + "{{ needle in text }} {{ text.split(needle)|length }} "
                + "{{ text.replace(needle, '') == text }}")
        var result = ""
        let duration = ContinuousClock().measure {
            result = (try? template.render(["text": text, "needle": needle])) ?? "failed"
        }
        #expect(result == "-1 -1 0 False 1 True")
        #expect(duration < Self.patience)
    }

    @Test func `limits are what the caller says`() throws {
        let template = try ChatTemplate("{% for i in range(n) %}x{% endfor %}")
        #expect(try template.render(["n": 10]).count == 10)
        for limits in [
            RenderLimits(maximumSteps: 20), RenderLimits(maximumOutputBytes: 5),
            RenderLimits(maximumRangeLength: 9), RenderLimits(maximumDepth: 0),
        ] {
            #expect {
                try template.render(["n": 10], limits: limits)
            } throws: {
                if case .limitExceeded? = $0 as? TemplateError { true } else { false }
            }
        }
    }

    @Test func `deeply nested variables end in a typed error`() throws {
        var value: JSONValue = 1
        for _ in 0..<2_000 { value = [value] }
        let template = try ChatTemplate("{{ x }}")
        #expect(throws: TemplateError.self) { try template.render(["x": value]) }
    }

    @Test func `the deepest nesting that is allowed renders`() throws {
        var source = "{{ 1 }}"
        for _ in 0..<55 { source = "{% if 1 %}{% for i in [1] %}\(source){% endfor %}{% endif %}" }
        #expect(throws: TemplateError.self) { try ChatTemplate(source) }
        var nested = "{{ x }}"
        for _ in 0..<25 { nested = "{% if 1 %}{% for i in [1] %}\(nested){% endfor %}{% endif %}" }
        #expect(try ChatTemplate(nested).render(["x": "deep"]) == "deep")
        let parens = String(repeating: "(", count: 60) + "1" + String(repeating: ")", count: 60)
        #expect(try ChatTemplate("{{ \(parens) }}").render([:]) == "1")
        let sum = "1" + String(repeating: " + 1", count: 140)
        #expect(try ChatTemplate("{{ \(sum) }}").render([:]) == "141")
    }
}
