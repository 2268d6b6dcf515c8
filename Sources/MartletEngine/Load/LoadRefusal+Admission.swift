extension LoadRefusal {
    /// The same reason as admission names it, to clients and in metrics.
    package var admissionRefusal: AdmissionRefusal {
        switch self {
        case .cpu: .cpu
        case .gpu: .gpu
        case .memory, .availableMemory: .memory
        }
    }
}
