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

    typealias WriteFunction = (
        UnsafePointer<martlet_kv_layer>, UnsafePointer<Float>, UnsafePointer<Float>,
        _ slot: Int, _ firstHead: Int, _ headCount: Int
    ) -> Void

    /// The function that writes one row's keys and values.
    var writeKernel: WriteFunction {
        switch dtype {
        case .float32: return martlet_kv_write_f32
        case .bfloat16: return martlet_kv_write_bf16
        case .int8: return martlet_kv_write_i8
        case .float16: preconditionFailure("no KV cache has float16")
        }
    }
}
