package import CMartletKernels

/// Instruction sets that have kernels of their own, weakest first.
package enum InstructionSet: String, Sendable, CaseIterable {
    case portable
    case avx2
    case avx512
    case avx512bf16

    /// The kernels' name of this instruction set.
    package var kernelName: martlet_isa {
        switch self {
        case .portable: MARTLET_ISA_PORTABLE
        case .avx2: MARTLET_ISA_AVX2
        case .avx512: MARTLET_ISA_AVX512
        case .avx512bf16: MARTLET_ISA_AVX512_BF16
        }
    }

    /// Whether this processor and operating system run it.
    package var isSupported: Bool { martlet_isa_supported(kernelName) }

    /// Those this machine runs, weakest first.
    package static var supported: [InstructionSet] { allCases.filter(\.isSupported) }

    /// The strongest one this machine runs.
    package static var best: InstructionSet { supported.last ?? .portable }
}
