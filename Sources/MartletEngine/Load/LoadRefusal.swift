/// Why a request is refused because of the machine's load.
package enum LoadRefusal: Hashable, Sendable, CustomStringConvertible {
    /// Others use this share of the processors.
    case cpu(share: Double, threshold: Double)
    /// This share of the accelerator is in use.
    case gpu(share: Double, threshold: Double)
    /// This share of the memory is in use.
    case memory(share: Double, threshold: Double)
    /// So few bytes of memory are available.
    case availableMemory(byteCount: Int, minimum: Int)

    package var description: String {
        switch self {
        case .cpu(let share, let threshold):
            "Others use \(percent(share)) of the processors; the limit is \(percent(threshold))."
        case .gpu(let share, let threshold):
            "\(percent(share)) of the accelerator is in use; the limit is \(percent(threshold))."
        case .memory(let share, let threshold):
            "\(percent(share)) of the memory is in use; the limit is \(percent(threshold))."
        case .availableMemory(let byteCount, let minimum):
            "\(byteCount >> 20) MiB of memory are available; at least \(minimum >> 20) are needed."
        }
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
