/// Why a request is not admitted.
public enum AdmissionRefusal: String, Hashable, Sendable, CaseIterable {
    /// As many requests wait as may.
    case queueSize = "max_num_queued_reqs"
    /// The prompts of the waiting requests have as many tokens as they may.
    case queuedTokens = "max_num_queued_tokens"
    /// The request waited for longer than it may.
    case queueTimeout = "queue_timeout"
    /// Others use the processors.
    case cpu = "cpu_threshold"
    /// The accelerator is busy.
    case gpu = "gpu_threshold"
    /// The machine is short of memory.
    case memory = "memory_threshold"

    /// A sentence for the client.
    var message: String {
        switch self {
        case .queueSize: "The server is at its limit of waiting requests. Please retry later."
        case .queuedTokens:
            "The server is at its limit of waiting prompt tokens. Please retry later."
        case .queueTimeout: "The request waited for its turn longer than its time-out allows."
        case .cpu: "The machine's processors are busy with other work. Please retry later."
        case .gpu: "The machine's accelerator is busy. Please retry later."
        case .memory: "The machine is short of memory. Please retry later."
        }
    }
}

extension AdmissionRefusal {
    /// What the machine's load amounts to.
    init(_ load: LoadRefusal) {
        switch load {
        case .cpu: self = .cpu
        case .gpu: self = .gpu
        case .memory, .availableMemory: self = .memory
        }
    }
}
