import ArgumentParser

/// A number with an optional unit: `4096`, `4k`, `2GiB`, `512M`.
///
/// As for vLLM, lowercase units are powers of 1000 and uppercase ones of 1024, and a fraction is
/// allowed before a lowercase unit; a unit spelled out (`kB`, `GiB`) means what it says.
struct Quantity: ExpressibleByArgument, Sendable {
    let value: Int

    init(_ value: Int) {
        self.value = value
    }

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits), number.isFinite, number >= 0 else { return nil }
        guard let factor = Self.factor(of: argument.dropFirst(digits.count)) else { return nil }
        let product = number * factor
        guard product.rounded() == product, product < 9e18 else { return nil }
        value = Int(product)
    }

    private static func factor(of unit: Substring) -> Double? {
        guard let first = unit.first else { return 1 }
        if unit == "B" || unit == "b" { return 1 }
        guard let exponent = "kmgt".firstIndex(of: Character(first.lowercased())) else {
            return nil
        }
        let power = "kmgt".distance(from: "kmgt".startIndex, to: exponent) + 1
        let base: Double
        switch unit.dropFirst().lowercased() {
        case "": base = first.isLowercase ? 1000 : 1024
        case "b": base = 1000
        case "i", "ib": base = 1024
        default: return nil
        }
        return (0..<power).reduce(1) { product, _ in product * base }
    }

    var defaultValueDescription: String { String(value) }
}
