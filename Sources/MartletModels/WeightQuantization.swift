import MartletTensor
import MartletWeights

/// How a model's weights are held: as numbers of their own type, or as small whole numbers.
///
/// Norms, biases and learned positions are never quantized. The rows of the vocabulary, embedding
/// and head, are int8 where layers are int4: every prediction passes through them, and rows that
/// are looked up cost no arithmetic.
package enum WeightQuantization: Hashable, Sendable {
    case none
    /// Each output has a scale.
    case int8
    /// Each group of inputs of an output has a scale, and a minimum of its own unless it is
    /// symmetric around zero.
    case int4(groupSize: Int, hasMinimum: Bool)

    /// The form of a matrix in memory.
    ///
    /// - Parameter dtype: The type of what is not quantized, which is also a matrix that has no
    ///   quantized form, with rows too wide for it.
    func layout(
        of role: MatrixRole, dtype: DType, outputs: Int, inputs: Int
    ) throws(TensorError) -> PackedLayout {
        let format: WeightFormat =
            switch (self, role) {
            case (.none, _), (_, .positions): .dense(dtype)
            case (.int8, _), (.int4, .vocabulary): .int8
            case (.int4(let groupSize, let hasMinimum), .layer):
                .int4(groupSize: groupSize, hasMinimum: hasMinimum)
            }
        if let layout = try? PackedLayout(
            format: format, outputCount: outputs, inputCount: inputs)
        {
            return layout
        }
        return try PackedLayout(
            format: .dense(dtype), outputCount: outputs, inputCount: inputs)
    }
}

extension WeightQuantization: CustomStringConvertible {
    /// As in `config.json` and in messages: `none`, `int8`, `int4-g64`, `int4-g64-sym`.
    package var description: String {
        switch self {
        case .none: "none"
        case .int8: "int8"
        case .int4(let groupSize, let hasMinimum):
            WeightFormat.int4(groupSize: groupSize, hasMinimum: hasMinimum).name
        }
    }

    /// Reads a description; nil for anything else.
    package init?(_ description: String) {
        switch (description, WeightFormat(name: description)) {
        case ("none", _): self = .none
        case (_, .int8): self = .int8
        case (_, .int4(let groupSize, let hasMinimum)):
            self = .int4(groupSize: groupSize, hasMinimum: hasMinimum)
        default: return nil
        }
    }
}

/// What a matrix is for, which decides how far it may be rounded.
enum MatrixRole: Sendable {
    /// A linear layer's weight.
    case layer
    /// A row for every token: the embedding and the head.
    case vocabulary
    /// A row for every position.
    case positions
}
