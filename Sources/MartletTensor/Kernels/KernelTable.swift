package import CMartletKernels

/// The kernels of one instruction set.
///
/// `@unchecked Sendable`: it points at a constant of the program that nobody can write.
package struct KernelTable: @unchecked Sendable {
    package let instructionSet: InstructionSet
    package let pointer: UnsafePointer<martlet_kernels>

    /// Nil where this machine does not run `instructionSet`.
    package init?(_ instructionSet: InstructionSet) {
        guard let pointer = martlet_kernels_for(instructionSet.kernelName) else { return nil }
        self.instructionSet = instructionSet
        self.pointer = pointer
    }

    package var matmul: martlet_matmul_kernels { pointer.pointee.matmul.pointee }
    package var quantize: martlet_quantize_kernels { pointer.pointee.quantize.pointee }
    package var attention: martlet_attention_kernels { pointer.pointee.attention.pointee }
    package var norm: martlet_norm_kernels { pointer.pointee.norm.pointee }
    package var rope: martlet_rope_kernels { pointer.pointee.rope.pointee }
    package var activation: martlet_activation_kernels { pointer.pointee.activation.pointee }

    /// The table this process uses unless told otherwise: see `KernelSelection`.
    package static let selected = KernelSelection.fromEnvironment.table
}
