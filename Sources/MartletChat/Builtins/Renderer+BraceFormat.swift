extension Renderer {
    /// `text.format(…)`.
    func braceFormat(
        _ text: String, _ arguments: Arguments
    ) throws(TemplateError) -> String {
        var nextIndex: Int? = 0
        return try braceFormat(text, arguments, &nextIndex, nesting: 0)
    }

    /// - Parameter nextIndex: the argument of the next `{}`; nil once one was numbered.
    private func braceFormat(
        _ text: String, _ arguments: Arguments, _ nextIndex: inout Int?, nesting: Int
    ) throws(TemplateError) -> String {
        guard nesting < 2 else { throw failure("Max string recursion exceeded") }
        try charge(scalarsOf: text)
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            guard scalar == "{" || scalar == "}" else {
                result.append(scalar)
                continue
            }
            if index < scalars.count, scalars[index] == scalar {
                result.append(scalar)
                index += 1
                continue
            }
            guard scalar == "{" else {
                throw failure("Single '}' encountered in format string")
            }
            var depth = 1
            let start = index
            while index < scalars.count, depth > 0 {
                if scalars[index] == "{" { depth += 1 }
                if scalars[index] == "}" { depth -= 1 }
                index += 1
            }
            guard depth == 0 else { throw failure("expected '}' before end of string") }
            let field = Array(scalars[start..<index - 1])
            let piece = try replacement(field, arguments, &nextIndex, nesting: nesting)
            try charge(bytes: piece.utf8.count)
            result.append(contentsOf: piece.unicodeScalars)
        }
        return String(result)
    }

    /// The text for a field `name!conversion:specification`.
    private func replacement(
        _ field: [UnicodeScalar], _ arguments: Arguments, _ nextIndex: inout Int?, nesting: Int
    ) throws(TemplateError) -> String {
        var brackets = 0
        let end =
            field.firstIndex { scalar in
                if scalar == "[" { brackets += 1 }
                if scalar == "]" { brackets -= 1 }
                return brackets <= 0 && (scalar == "!" || scalar == ":")
            } ?? field.count
        var rest = field[end...]
        var value = try fieldValue(Array(field[..<end]), arguments, &nextIndex)
        if rest.first == "!" {
            guard rest.count > 1 else { throw failure("expected a conversion specifier") }
            switch rest[rest.startIndex + 1] {
            case "s": value = .string(try self.text(of: value))
            case "r", "a": value = .string(try representation(of: value))
            default: throw failure("Unknown conversion specifier")
            }
            rest = rest.dropFirst(2)
            guard rest.isEmpty || rest.first == ":" else {
                throw failure("expected ':' after conversion specifier")
            }
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: rest.dropFirst())
        var specification = String(view)
        if specification.utf8.contains(UInt8(ascii: "{")) {
            specification = try braceFormat(
                specification, arguments, &nextIndex, nesting: nesting + 1)
        }
        return try format(value, specification)
    }

    /// The value of a field's name: `0`, `name`, `0.attribute`, `name[index]`.
    private func fieldValue(
        _ name: [UnicodeScalar], _ arguments: Arguments, _ nextIndex: inout Int?
    ) throws(TemplateError) -> TemplateValue {
        let end = name.firstIndex { $0 == "." || $0 == "[" } ?? name.count
        var value = try argument(string(name[..<end]), arguments, &nextIndex)
        var index = end
        while index < name.count {
            if name[index] == "." {
                let stop = name[(index + 1)...].firstIndex { $0 == "." || $0 == "[" }
                let part = string(name[(index + 1)..<(stop ?? name.count)])
                guard !part.isEmpty else { throw failure("Empty attribute in format string") }
                value = try attribute(part, method: Method(rawValue: part), of: value)
                index = stop ?? name.count
            } else {
                guard name[index] == "[", let stop = name[index...].firstIndex(of: "]") else {
                    throw failure("Missing ']' in format string")
                }
                let part = string(name[(index + 1)..<stop])
                guard !part.isEmpty else { throw failure("Empty attribute in format string") }
                value = try item(Int(part).map { .integer($0) } ?? .string(part), of: value)
                index = stop + 1
            }
        }
        return value
    }

    private func string(_ scalars: some Sequence<UnicodeScalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private func argument(
        _ name: String, _ arguments: Arguments, _ nextIndex: inout Int?
    ) throws(TemplateError) -> TemplateValue {
        if name.isEmpty || Int(name) != nil {
            let index: Int
            if let number = Int(name) {
                guard nextIndex == nil || nextIndex == 0 else {
                    throw failure("cannot switch from automatic field numbering to manual")
                }
                nextIndex = nil
                index = number
            } else {
                guard let next = nextIndex else {
                    throw failure("cannot switch from manual field specification to automatic")
                }
                index = next
                nextIndex = next + 1
            }
            guard arguments.positional.indices.contains(index) else {
                throw failure("Replacement index \(index) out of range for positional args tuple")
            }
            return arguments.positional[index]
        }
        try charge(arguments.named.count >> 3)
        guard let found = arguments.named.first(where: { $0.name == name }) else {
            throw failure("KeyError: \(PythonText.quoted(name))")
        }
        return found.value
    }
}
