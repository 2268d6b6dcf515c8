import MartletTensor
import MartletWeights

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// How fast each pair of a head's dimensions turns with the position, read from `config.json` in
/// either spelling: `rope_parameters` (transformers 5) or `rope_theta` and `rope_scaling`.
///
/// - Source: Su et al., RoFormer, 2021; transformers 5 `modeling_rope_utils.py` for the scalings.
package struct RotaryParameters: Sendable, Hashable {
    enum Scaling: Sendable, Hashable {
        case none
        /// Every position counts `1 / factor`.
        case linear(factor: Double)
        /// Llama 3.1: slow dimensions are stretched, fast ones kept, those between blended.
        case llama3(factor: Double, low: Double, high: Double, originalLength: Double)
        /// YaRN: as above with a ramp over dimensions, and attention made sharper to match.
        case yarn(YarnScaling)
    }

    let theta: Double
    let scaling: Scaling

    /// The inverse frequencies `[headDim / 2]`, in radians per position.
    package func inverseFrequencies(headDim: Int) -> [Double] {
        let base = stride(from: 0, to: headDim, by: 2).map {
            1 / pow(theta, Double($0) / Double(headDim))
        }
        switch scaling {
        case .none:
            return base
        case .linear(let factor):
            return base.map { $0 / factor }
        case .llama3(let factor, let low, let high, let length):
            return base.map { Self.llama3($0, factor, low, high, length) }
        case .yarn(let yarn):
            return yarn.inverseFrequencies(base, theta: theta)
        }
    }

    private static func llama3(
        _ frequency: Double, _ factor: Double, _ low: Double, _ high: Double, _ length: Double
    ) -> Double {
        let wavelength = 2 * Double.pi / frequency
        if wavelength < length / high { return frequency }
        if wavelength > length / low { return frequency / factor }
        let smooth = (length / wavelength - low) / (high - low)
        return (1 - smooth) * frequency / factor + smooth * frequency
    }

    /// What sine and cosine are multiplied with.
    package var attentionScaling: Double {
        if case .yarn(let yarn) = scaling { yarn.attentionFactor } else { 1 }
    }

    func table(headDim: Int, maximumPositionCount: Int) -> RotaryTable {
        RotaryTable(
            inverseFrequencies: inverseFrequencies(headDim: headDim),
            attentionScaling: Float(attentionScaling), maximumPosition: maximumPositionCount)
    }
}
