import MartletJSON

extension ConfigurationFile {
    /// Reads a field, or takes nil where it is missing and not required.
    private func read<Value>(
        _ field: String, as kind: String, _ convert: (JSONValue) -> Value?
    ) throws(WeightsError) -> Value? {
        guard let value = value(field) else { return nil }
        guard let converted = convert(value) else {
            throw invalid(field, "is \(value.kind), expected \(kind)")
        }
        return converted
    }

    private func required<Value>(_ field: String, _ value: Value?) throws(WeightsError) -> Value {
        guard let value else { throw invalid(field, "is missing") }
        return value
    }

    /// An integer within `range`; nil where the field is missing.
    package func integerIfPresent(
        _ field: String, in range: ClosedRange<Int>
    ) throws(WeightsError) -> Int? {
        guard let value = try read(field, as: "an integer", { $0.integer }) else { return nil }
        guard range.contains(value) else {
            throw invalid(
                field, "is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    package func integer(_ field: String, in range: ClosedRange<Int>) throws(WeightsError) -> Int {
        try required(field, try integerIfPresent(field, in: range))
    }

    /// A finite number within `range`; nil where the field is missing.
    package func numberIfPresent(
        _ field: String, in range: ClosedRange<Double>
    ) throws(WeightsError) -> Double? {
        guard let value = try read(field, as: "a number", { $0.double }) else { return nil }
        guard value.isFinite, range.contains(value) else {
            throw invalid(
                field, "is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    package func number(
        _ field: String, in range: ClosedRange<Double>
    ) throws(WeightsError) -> Double {
        try required(field, try numberIfPresent(field, in: range))
    }

    package func boolean(_ field: String, default fallback: Bool) throws(WeightsError) -> Bool {
        try read(field, as: "a boolean", { $0.bool }) ?? fallback
    }

    package func booleanIfPresent(_ field: String) throws(WeightsError) -> Bool? {
        try read(field, as: "a boolean", { $0.bool })
    }

    package func stringIfPresent(_ field: String) throws(WeightsError) -> String? {
        try read(field, as: "a string", { $0.string })
    }

    package func string(_ field: String) throws(WeightsError) -> String {
        try required(field, try stringIfPresent(field))
    }

    /// A list of strings; nil where the field is missing.
    package func stringsIfPresent(_ field: String) throws(WeightsError) -> [String]? {
        try read(field, as: "a list of strings") { value in
            guard let elements = value.array else { return nil }
            let strings = elements.compactMap(\.string)
            return strings.count == elements.count ? strings : nil
        }
    }

    /// An integer or a list of integers, each within `range`; empty where the field is missing.
    package func integers(
        _ field: String, in range: ClosedRange<Int>
    ) throws(WeightsError) -> [Int] {
        let values = try read(field, as: "an integer or a list of integers") { value in
            if let integer = value.integer { return [integer] }
            guard let elements = value.array else { return nil as [Int]? }
            let integers = elements.compactMap(\.integer)
            return integers.count == elements.count ? integers : nil
        }
        for value in values ?? [] where !range.contains(value) {
            throw invalid(
                field, "has \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
        return values ?? []
    }

    /// The object under `field`; nil where the field is missing.
    package func section(_ field: String) throws(WeightsError) -> ConfigurationFile? {
        // Spelled out, since a bare nil would be JSON's null.
        let members = try read(field, as: "an object") { value in
            value.object == nil ? JSONValue?.none : value
        }
        guard let members else { return nil }
        return ConfigurationFile(path: path, prefix: prefix + field + ".", members: members)
    }
}
