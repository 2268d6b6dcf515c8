import MartletJSON
import OrderedCollections

/// One rendering of a template: its variables, its output and what it has cost so far.
final class Renderer {
    let program: Parser.Result
    let limits: RenderLimits
    /// The values of the variables that are given, and of the global functions, by symbol.
    private var context: [TemplateValue?]
    /// The variables of the block that runs.
    var scope = Scope(parent: nil)
    var output = ""
    /// The line of the statement that runs.
    var line = 1
    private(set) var steps = 0
    private(set) var depth = 0
    /// Objects that may be parts of reference cycles.
    private var tracked: [any Clearable] = []

    init(template: ChatTemplate, limits: RenderLimits) {
        program = template.program
        self.limits = limits
        context = [TemplateValue?](repeating: nil, count: template.program.symbols.count)
    }

    func render(
        _ variables: some Sequence<(key: String, value: JSONValue)>
    ) throws(TemplateError) -> String {
        for (index, name) in program.symbols.enumerated() {
            if let function = GlobalFunction(rawValue: name) {
                context[index] = .callable(CallableValue(.function(function)))
            }
        }
        var positions: [String: Int] = [:]
        for (index, name) in program.symbols.enumerated() { positions[name] = index }
        for (name, value) in variables {
            if let index = positions[name] { context[index] = try convert(value) }
        }
        scope = makeScope(for: program.body, in: nil)
        _ = try execute(program.body.statements)
        return output
    }

    /// Breaks all reference cycles.
    func clear() {
        for object in tracked { object.clear() }
        tracked = []
    }

    func track(_ object: any Clearable) { tracked.append(object) }

    // MARK: Limits

    /// Counts `amount` steps of work.
    @inline(__always)
    func charge(_ amount: Int = 1) throws(TemplateError) {
        steps &+= amount
        if steps > limits.maximumSteps || steps < 0 { throw limit("too much work") }
    }

    /// Counts work on a text of `bytes` bytes, and refuses to make one that is too long.
    func charge(bytes: Int) throws(TemplateError) {
        guard bytes <= limits.maximumOutputBytes else { throw limit("text too long") }
        try charge(bytes >> 6)
    }

    /// Counts work on a text scalar by scalar, which is slower than on its bytes.
    func charge(scalarsOf text: String) throws(TemplateError) {
        try charge(text.utf8.count >> 3)
    }

    func limit(_ message: String) -> TemplateError { .limitExceeded(line: line, limit: message) }

    @inline(__always)
    func enter() throws(TemplateError) {
        depth += 1
        if depth > limits.maximumDepth { throw limit("too deep nesting") }
    }

    @inline(__always)
    func leave() { depth -= 1 }

    /// Refuses a value that nests too many containers.
    @inline(never)
    func check(_ value: TemplateValue) throws(TemplateError) {
        guard value.depth <= limits.maximumValueDepth else {
            throw limit("too deeply nested value")
        }
    }

    /// The value, unless it nests too many containers.
    func checked(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
        try check(value)
        return value
    }

    // MARK: Errors

    func failure(_ message: String) -> TemplateError { .runtime(line: line, message: message) }

    func failure(_ undefined: Undefined) -> TemplateError {
        .undefined(line: line, message: undefined.message)
    }

    // MARK: Variables

    func lookup(_ symbol: Symbol) -> TemplateValue {
        scope.lookup(symbol.index) ?? context[symbol.index]
            ?? .undefined(Undefined(.name(symbol.name)))
    }

    /// The variables of a body at its start.
    func makeScope(for body: Body, in parent: Scope?) -> Scope {
        let scope = Scope(parent: parent)
        hideVariables(of: body, in: scope)
        return scope
    }

    func hideVariables(of body: Body, in scope: Scope) {
        for symbol in program.hidden[body.frame] {
            scope.bind(symbol, .undefined(Undefined(.name(symbol.name))))
        }
    }

    private func convert(_ value: JSONValue) throws(TemplateError) -> TemplateValue {
        try charge()
        switch value {
        case .null: return .none
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .integer(number)
        case .number(let number): return .float(number)
        case .string(let text): return .string(text)
        case .array(let array):
            try enter()
            defer { leave() }
            var items: [TemplateValue] = []
            items.reserveCapacity(array.count)
            for element in array { items.append(try convert(element)) }
            return try checked(.list(Elements(items)))
        case .object(let members):
            try enter()
            defer { leave() }
            var builder = MappingBuilder()
            for (name, member) in members { builder.insert(name, try convert(member)) }
            return try checked(.dictionary(Mapping(builder)))
        }
    }
}
