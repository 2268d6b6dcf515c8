/// What can go wrong when memory for tensors is asked for.
package enum TensorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The operating system refused to reserve this much memory.
    case outOfMemory(byteCount: Int)
    /// Dimensions that are negative, zero where they must not be, or overflow when multiplied.
    case invalidShape(String)
    /// Memory that was to be read in place, but is not what its layout says.
    case invalidMemory(String)

    package var description: String {
        switch self {
        case .outOfMemory(let byteCount): "cannot reserve \(byteCount) bytes of memory"
        case .invalidShape(let reason): "invalid shape: \(reason)"
        case .invalidMemory(let reason): "invalid memory: \(reason)"
        }
    }
}
