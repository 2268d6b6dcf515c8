/// A value that can be called.
final class CallableValue {
    enum Kind {
        case function(GlobalFunction)
        case method(TemplateValue, Method)
        case macro(MacroValue)
        /// `joiner(separator)`.
        case joiner(Joiner)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    var depth: Int {
        switch kind {
        case .function, .macro: 0
        case .method(let receiver, _): receiver.depth + 1
        case .joiner(let joiner): joiner.separator.depth + 1
        }
    }

    var typeName: String {
        switch kind {
        case .function(.dict): "TemplateDict"
        case .function(.namespace): "type"
        case .function: "function"
        case .method: "builtin_function_or_method"
        case .macro: "Macro"
        case .joiner: "Joiner"
        }
    }
}

/// A macro with the variables around its definition.
final class MacroValue {
    let macro: Macro
    let scope: Scope

    init(_ macro: Macro, scope: Scope) {
        self.macro = macro
        self.scope = scope
    }
}

/// The state of a joiner: nothing at the first call, the separator afterwards.
final class Joiner {
    let separator: TemplateValue
    var isUsed = false

    init(separator: TemplateValue) { self.separator = separator }
}

/// The state of a cycler.
final class Cycler {
    let items: Elements
    var position = 0

    init(_ items: Elements) { self.items = items }

    var current: TemplateValue { items.items[position] }
}
