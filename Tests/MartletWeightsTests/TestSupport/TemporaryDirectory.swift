import Foundation

/// A directory of its own that disappears with this object.
final class TemporaryDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "martlet-weights-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    @discardableResult
    func write(_ text: String, _ name: String) throws -> String {
        try write(text.utf8, name)
    }
}

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
