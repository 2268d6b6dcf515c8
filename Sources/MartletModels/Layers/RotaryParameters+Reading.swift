package import MartletWeights

extension RotaryParameters {
    private static let thetaRange = 1.000_001...1e30
    private static let factorRange = 1e-6...1e6
    private static let lengthRange = 1.0...1e9

    /// Reads the parameters of a model whose context is `maximumPositionCount` tokens.
    ///
    /// - Throws: ``WeightsError`` naming the field, also for scalings that are not built here.
    package init(
        _ configuration: ConfigurationFile, maximumPositionCount: Int,
        defaultTheta: Double = 10_000
    ) throws(WeightsError) {
        let modern = try configuration.section("rope_parameters")
        let section = modern == nil ? try configuration.section("rope_scaling") : modern
        let places = [section, configuration].compactMap { $0 }
        var theta: Double?
        for file in places where theta == nil {
            theta = try file.numberIfPresent("rope_theta", in: Self.thetaRange)
        }
        self.theta = theta ?? defaultTheta
        for file in places {
            let part = try file.numberIfPresent("partial_rotary_factor", in: 0...1) ?? 1
            guard part == 1 else {
                throw file.unsupported(
                    "partial_rotary_factor", "\(part): only whole heads are rotated")
            }
        }
        guard let section else {
            scaling = .none
            return
        }
        // The length may stand beside the section instead of within it, and then has precedence.
        let context = Double(maximumPositionCount)
        var original: Double?
        for file in [configuration, section] where original == nil {
            original = try file.numberIfPresent(
                "original_max_position_embeddings", in: Self.lengthRange)
        }
        scaling = try Self.scaling(section, originalLength: original ?? context, context: context)
    }

    private static func scaling(
        _ section: ConfigurationFile, originalLength: Double, context: Double
    ) throws(WeightsError) -> Scaling {
        let spelling = section.has("rope_type") ? "rope_type" : "type"
        switch try section.stringIfPresent(spelling) ?? "default" {
        case "default":
            return .none
        case "linear":
            return .linear(factor: try section.number("factor", in: factorRange))
        case "llama3":
            let low = try section.number("low_freq_factor", in: factorRange)
            let high = try section.number("high_freq_factor", in: factorRange)
            guard low < high else {
                throw section.invalid("high_freq_factor", "is \(high), not above low_freq_factor")
            }
            return .llama3(
                factor: try section.number("factor", in: factorRange), low: low, high: high,
                originalLength: originalLength)
        case "yarn":
            return .yarn(try yarn(section, originalLength: originalLength, context: context))
        case let type:
            throw section.unsupported(
                spelling, "'\(type)' is not built here; default, linear, llama3 and yarn are")
        }
    }

    private static func yarn(
        _ section: ConfigurationFile, originalLength: Double, context: Double
    ) throws(WeightsError) -> YarnScaling {
        let factor =
            try section.numberIfPresent("factor", in: factorRange) ?? context / originalLength
        let scale = try section.numberIfPresent("mscale", in: 0...1_000) ?? 0
        let allDimensions = try section.numberIfPresent("mscale_all_dim", in: 0...1_000) ?? 0
        let implied =
            scale != 0 && allDimensions != 0
            ? YarnScaling.magnitude(factor, scale: scale)
                / YarnScaling.magnitude(factor, scale: allDimensions)
            : YarnScaling.magnitude(factor)
        return YarnScaling(
            factor: factor, originalLength: originalLength,
            betaFast: try section.numberIfPresent("beta_fast", in: factorRange) ?? 32,
            betaSlow: try section.numberIfPresent("beta_slow", in: factorRange) ?? 1,
            truncates: try section.boolean("truncate", default: true),
            attentionFactor: try section.numberIfPresent("attention_factor", in: 0...1_000)
                ?? implied)
    }
}
