import ArgumentParser
import MartletEngine

/// A quantization on the command line, by the name that `/models` shows: `int4-g64`.
struct QuantizationName: ExpressibleByArgument, Sendable {
    let value: ModelQuantization

    init(_ value: ModelQuantization) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = ModelQuantization(argument) else { return nil }
        self.value = value
    }

    var defaultValueDescription: String { value.description }

    /// What help and messages offer.
    static var allValueStrings: [String] {
        ["none", "int8", "int4"]
            + ModelQuantization.groupSizes.flatMap { ["int4-g\($0)", "int4-g\($0)-sym"] }
    }
}
