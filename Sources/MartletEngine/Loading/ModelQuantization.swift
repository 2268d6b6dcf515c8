import MartletModels

/// How a model's weights are held in memory: as numbers of their own type, or as small whole
/// numbers, which lose a little and are read faster.
public enum ModelQuantization: Hashable, Sendable {
    /// As they are.
    case none
    /// 8 bits each, and a scale for each output.
    case int8
    /// 4 bits each, and a scale for each group of inputs of an output; the rows of the vocabulary
    /// are `int8`. Groups are of 32, 64 or 128. A symmetric group has no minimum of its own, which
    /// is a little smaller and less exact.
    case int4(groupSize: Int = ModelQuantization.defaultGroupSize, isSymmetric: Bool = false)

    /// Sizes that groups may have.
    public static let groupSizes = [32, 64, 128]
    /// The size of a group unless another is asked for.
    public static let defaultGroupSize = 32
}

extension ModelQuantization: LosslessStringConvertible {
    /// In one word: `none`, `int8`, `int4-g32`, `int4-g128-sym`.
    public var description: String { WeightQuantization(self).description }

    /// Reads a description; `int4` alone is short for groups of the default size.
    public init?(_ description: String) {
        if description == "int4" {
            self = .int4()
            return
        }
        guard let quantization = WeightQuantization(description) else { return nil }
        switch quantization {
        case .none: self = .none
        case .int8: self = .int8
        case .int4(let groupSize, let hasMinimum):
            self = .int4(groupSize: groupSize, isSymmetric: !hasMinimum)
        }
    }
}

extension ModelQuantization {
    /// - Throws: ``EngineError`` for groups of a size that is not built here.
    func validate() throws(EngineError) {
        guard case .int4(let groupSize, _) = self, !Self.groupSizes.contains(groupSize) else {
            return
        }
        throw EngineError(
            .invalidConfiguration,
            "--quantization: groups of int4 are of 32, 64 or 128, not of \(groupSize).",
            parameter: "quantization")
    }
}

extension WeightQuantization {
    init(_ quantization: ModelQuantization) {
        switch quantization {
        case .none: self = .none
        case .int8: self = .int8
        case .int4(let groupSize, let isSymmetric):
            self = .int4(groupSize: groupSize, hasMinimum: !isSymmetric)
        }
    }
}
