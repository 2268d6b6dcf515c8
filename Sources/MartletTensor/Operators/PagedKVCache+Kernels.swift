import CMartletKernels

extension PagedKVCache {
    /// The function that attends over keys and values of this cache's type.
    func attentionKernel(_ kernels: KernelTable) -> martlet_attention_function {
        let attention = kernels.attention
        switch dtype {
        case .float32: return attention.f32
        case .bfloat16: return attention.bf16
        case .int8: return attention.i8
        case .float16: preconditionFailure("no KV cache has float16")
        }
    }

    /// The function that writes keys and values.
    func writeKernel(_ kernels: KernelTable) -> martlet_kv_write_function {
        let attention = kernels.attention
        switch dtype {
        case .float32: return attention.write_f32
        case .bfloat16: return attention.write_bf16
        case .int8: return attention.write_i8
        case .float16: preconditionFailure("no KV cache has float16")
        }
    }
}
