import Foundation

/// A safetensors file of `header`, as it stands, and so many bytes of data.
func safetensors(_ header: String, dataCount: Int, claiming length: UInt64? = nil) -> [UInt8] {
    let count = length ?? UInt64(header.utf8.count)
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    return prefix + header.utf8 + (0..<dataCount).map { UInt8(truncatingIfNeeded: $0) }
}

/// Makes `path` a symbolic link to `target`.
func symlink(_ target: String, _ path: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
}
