#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// YaRN's way to stretch rotary embeddings over a longer context.
///
/// - Source: Peng et al., YaRN: Efficient Context Window Extension of Large Language Models, 2023;
///   transformers 5 `_compute_yarn_parameters` for the rounding of the ramp.
struct YarnScaling: Sendable, Hashable {
    let factor: Double
    /// The context the model was trained on, in tokens.
    let originalLength: Double
    /// Dimensions that turn more often than this over the original context are kept.
    let betaFast: Double
    /// Dimensions that turn less often than this are interpolated.
    let betaSlow: Double
    /// Whether the ramp begins and ends at whole dimensions.
    let truncates: Bool
    /// What sine and cosine are multiplied with.
    let attentionFactor: Double

    /// `0.1 scale ln(factor) + 1`: what makes up for the flatter attention over a longer context.
    static func magnitude(_ factor: Double, scale: Double = 1) -> Double {
        factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1
    }

    /// `base`: the inverse frequencies without scaling, `[headDim / 2]`.
    func inverseFrequencies(_ base: [Double], theta: Double) -> [Double] {
        let dimension = Double(2 * base.count)
        func position(turning turns: Double) -> Double {
            dimension * log(originalLength / (turns * 2 * .pi)) / (2 * log(theta))
        }
        var low = position(turning: betaFast)
        var high = position(turning: betaSlow)
        if truncates {
            low = low.rounded(.down)
            high = high.rounded(.up)
        }
        low = max(low, 0)
        high = min(high, dimension - 1)
        if low == high { high += 0.001 }
        return base.enumerated().map { index, frequency in
            let ramp = min(max((Double(index) - low) / (high - low), 0), 1)
            return frequency / factor * ramp + frequency * (1 - ramp)
        }
    }
}
