/// What keeps a prefix store from opening.
package enum PrefixStoreError: Error, Hashable, CustomStringConvertible {
    /// The directory cannot be made, read, or given its manifest.
    case unusable(directory: String, reason: String)
    /// Not even one block fits.
    case tooSmall(directory: String, byteCountMax: Int, blockByteCount: Int)

    package var description: String {
        switch self {
        case .unusable(let directory, let reason):
            "The prefix cache directory \(directory) cannot be used: \(reason)."
        case .tooSmall(let directory, let byteCountMax, let blockByteCount):
            "The prefix cache directory \(directory) is limited to \(byteCountMax) bytes, "
                + "and one block has \(blockByteCount)."
        }
    }
}
