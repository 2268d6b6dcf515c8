extension Renderer {
    func compare(
        _ left: TemplateValue, _ comparison: Comparison, _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        switch comparison {
        case .equal: try areEqual(left, right)
        case .notEqual: try !areEqual(left, right)
        case .less: try order(left, right, "<") { $0 < 0 }
        case .lessOrEqual: try order(left, right, "<=") { $0 <= 0 }
        case .greater: try order(left, right, ">") { $0 > 0 }
        case .greaterOrEqual: try order(left, right, ">=") { $0 >= 0 }
        case .contained: try contains(right, left)
        case .notContained: try !contains(right, left)
        }
    }

    // MARK: Equality

    func areEqual(
        _ left: TemplateValue, _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        try charge()
        switch (left, right) {
        case (.none, .none), (.undefined, .undefined): return true
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return try areEqual(left.items, right.items)
        case (.dictionary(let left), .dictionary(let right)):
            return try areEqual(left, right)
        case (.range(let left), .range(let right)): return left.key == right.key
        case (.view(let left), .view(let right)): return try areEqual(left, right)
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.callable(let left), .callable(let right)): return try areEqual(left, right)
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.cycler(let left), .cycler(let right)): return left === right
        default: break
        }
        if let left = left.text, let right = right.text {
            try charge(min(left.utf8.count, right.utf8.count) >> 6)
            return PythonText.areEqual(left, right)
        }
        return numericOrder(left, right) == .some(0)
    }

    func areEqual(
        _ left: [TemplateValue], _ right: [TemplateValue]
    ) throws(TemplateError) -> Bool {
        guard left.count == right.count else { return false }
        try enter()
        defer { leave() }
        for index in left.indices where try !areSame(left[index], right[index]) { return false }
        return true
    }

    /// Whether two values are one object or equal, which is what containers look at.
    func areSame(
        _ left: TemplateValue, _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        if areIdentical(left, right) { return true }
        return try areEqual(left, right)
    }

    private func areEqual(_ left: Mapping, _ right: Mapping) throws(TemplateError) -> Bool {
        guard left !== right else { return true }
        guard left.count == right.count else { return false }
        try enter()
        defer { leave() }
        for (key, value) in zip(left.keys, left.values) {
            guard let other = right[try hashed(key)] else { return false }
            guard try areSame(value, other) else { return false }
        }
        return true
    }

    private func areEqual(_ left: MappingView, _ right: MappingView) throws(TemplateError) -> Bool {
        guard left.kind != .values, right.kind != .values else { return left === right }
        guard left.mapping.count == right.mapping.count else { return false }
        for element in left.elements where try !contains(.view(right), element) { return false }
        return true
    }

    private func areEqual(
        _ left: CallableValue, _ right: CallableValue
    ) throws(TemplateError) -> Bool {
        switch (left.kind, right.kind) {
        case (.function(let left), .function(let right)): left == right
        case (.method(let receiver, let method), .method(let other, let otherMethod)):
            method == otherMethod && areIdentical(receiver, other)
        default: left === right
        }
    }

    /// Whether two values are one object, as far as values here have an identity.
    func areIdentical(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.bool(let left), .bool(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.string(let left), .string(let right)), (.markup(let left), .markup(let right)):
            PythonText.areEqual(left, right)
        case (.undefined(let left), .undefined(let right)): left === right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            left === right
        case (.dictionary(let left), .dictionary(let right)): left === right
        case (.view(let left), .view(let right)): left === right
        case (.range(let left), .range(let right)): left == right
        case (.iterator(let left), .iterator(let right)): left === right
        case (.callable(let left), .callable(let right)):
            if case .function(let left) = left.kind, case .function(let right) = right.kind {
                left == right
            } else {
                left === right
            }
        case (.namespace(let left), .namespace(let right)): left === right
        case (.loop(let left), .loop(let right)): left === right
        case (.cycler(let left), .cycler(let right)): left === right
        default: false
        }
    }

    // MARK: Order

    /// The sign of the difference of two numbers, 2 where one is not a number; nil for other
    /// values.
    private func numericOrder(_ left: TemplateValue, _ right: TemplateValue) -> Int? {
        switch (left, right) {
        case (.float(let left), .float(let right)): return order(left, right)
        case (.float(let left), _):
            return right.integer.map { -order($0, left) }.map { $0 == -2 ? 2 : $0 }
        case (_, .float(let right)): return left.integer.map { order($0, right) }
        default:
            guard let left = left.integer, let right = right.integer else { return nil }
            return left < right ? -1 : left == right ? 0 : 1
        }
    }

    private func order(_ left: Double, _ right: Double) -> Int {
        left < right ? -1 : left == right ? 0 : left > right ? 1 : 2
    }

    private func order(_ left: Int, _ right: Double) -> Int {
        if right.isNaN { return 2 }
        let whole = right.rounded(.towardZero)
        guard let integer = Int(exactly: whole) else { return right > 0 ? -1 : 1 }
        if left != integer { return left < integer ? -1 : 1 }
        return order(whole, right)
    }

    private func order(
        _ left: TemplateValue, _ right: TemplateValue, _ symbol: String,
        _ accepts: (Int) -> Bool
    ) throws(TemplateError) -> Bool {
        let order = try order(left, right, symbol)
        return order != 2 && accepts(order)
    }

    /// The sign of the difference of two values, 2 where they have no order.
    private func order(
        _ left: TemplateValue, _ right: TemplateValue, _ symbol: String
    ) throws(TemplateError) -> Int {
        try charge()
        if case .undefined(let undefined) = left { throw failure(undefined) }
        if case .undefined(let undefined) = right { throw failure(undefined) }
        if let order = numericOrder(left, right) { return order }
        if let left = left.text, let right = right.text {
            try charge(min(left.utf8.count, right.utf8.count) >> 6)
            return PythonText.compare(left, right).signum()
        }
        switch (left, right) {
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return try order(left.items, right.items, symbol)
        default:
            throw failure(
                "'\(symbol)' not supported between instances of '\(left.typeName)' and "
                    + "'\(right.typeName)'")
        }
    }

    private func order(
        _ left: [TemplateValue], _ right: [TemplateValue], _ symbol: String
    ) throws(TemplateError) -> Int {
        try enter()
        defer { leave() }
        for (left, right) in zip(left, right) where try !areSame(left, right) {
            return try order(left, right, symbol)
        }
        return (left.count - right.count).signum()
    }

    func isLess(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        try order(left, right, "<") { $0 < 0 }
    }

    /// The items in the order of their keys, stable; from high to low with `reverse`.
    func sorted(
        _ items: [TemplateValue], by keys: [TemplateValue], reverse: Bool
    ) throws(TemplateError) -> [TemplateValue] {
        var order = Array(items.indices)
        var width = 1
        while width < order.count {
            var merged: [Int] = []
            merged.reserveCapacity(order.count)
            var start = 0
            while start < order.count {
                let middle = min(start + width, order.count)
                let end = min(middle + width, order.count)
                var (left, right) = (start, middle)
                while left < middle, right < end {
                    let takesRight =
                        reverse
                        ? try isLess(keys[order[left]], keys[order[right]])
                        : try isLess(keys[order[right]], keys[order[left]])
                    merged.append(order[takesRight ? right : left])
                    if takesRight { right += 1 } else { left += 1 }
                }
                merged.append(contentsOf: order[left..<middle])
                merged.append(contentsOf: order[right..<end])
                start = end
            }
            order = merged
            width *= 2
        }
        return order.map { items[$0] }
    }

    // MARK: Containment

    /// `value in container`.
    func contains(
        _ container: TemplateValue, _ value: TemplateValue
    ) throws(TemplateError) -> Bool {
        switch container {
        case .string(let text), .markup(let text):
            guard let part = value.text else {
                if case .undefined(let undefined) = value { throw failure(undefined) }
                throw failure(
                    "'in <string>' requires string as left operand, not \(value.typeName)")
            }
            try charge(bytes: text.utf8.count)
            return PythonText.find(Array(part.utf8), in: Array(text.utf8)) != nil
        case .dictionary(let mapping): return mapping[try hashed(value)] != nil
        case .range(let range):
            guard let number = value.integer else {
                guard case .float(let float) = value else { return false }
                return Int(exactly: float).flatMap(range.position) != nil
            }
            return range.position(of: number) != nil
        case .view(let view) where view.kind == .keys:
            return view.mapping[try hashed(value)] != nil
        case .callable, .namespace, .cycler, .none, .bool, .integer, .float:
            throw failure("argument of type '\(container.typeName)' is not iterable")
        default:
            let iterator = try iterate(container)
            while let element = try iterator.next() {
                if try areSame(element, value) { return true }
            }
            return false
        }
    }
}
