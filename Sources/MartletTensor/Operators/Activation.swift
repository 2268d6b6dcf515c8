import CMartletKernels

/// Nonlinearities of feed-forward layers.
package enum Activation: String, Sendable, CaseIterable {
    /// x * sigmoid(x).
    case silu
    /// x * Phi(x), exact.
    case gelu
    /// The tanh approximation of GELU (GPT-2's "gelu_new").
    case geluTanh
    case relu

    var kernelName: martlet_activation {
        switch self {
        case .silu: MARTLET_SILU
        case .gelu: MARTLET_GELU_ERF
        case .geluTanh: MARTLET_GELU_TANH
        case .relu: MARTLET_RELU
        }
    }
}
