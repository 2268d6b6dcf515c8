/// Models whose linear layers a `KernelBenchmark` measures.
package enum KernelShapes: String, CaseIterable, Sendable {
    /// Qwen3-0.6B.
    case qwen3 = "qwen3-0.6b"
    /// Llama-3.2-1B.
    case llama = "llama-1b"

    /// Outputs and inputs of the layers: the projections of queries, keys and values, attention's
    /// output, gate and up, down, and the head.
    var layers: [(outputs: Int, inputs: Int)] {
        switch self {
        case .qwen3: [(4096, 1024), (1024, 2048), (6144, 1024), (1024, 3072), (151_936, 1024)]
        case .llama: [(3072, 2048), (2048, 2048), (16_384, 2048), (2048, 8192), (128_256, 2048)]
        }
    }
}
