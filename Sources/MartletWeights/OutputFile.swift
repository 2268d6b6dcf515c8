#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A new file, whose writer learns of everything that could not be written. What was written before
/// a failure stays for the writer's owner to delete.
final class OutputFile {
    let path: String
    private let descriptor: Int32

    /// - Throws: ``WeightsError/unwritable(file:reason:)``, also where `path` exists.
    init(path: String) throws(WeightsError) {
        self.path = path
        guard !path.utf8.contains(0) else {
            throw .unwritable(file: path, reason: "a path with a zero byte")
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(file: path, reason: String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }

    /// Writes the elements' bytes as they lie in memory.
    func write(_ elements: [some BitwiseCopyable]) throws(WeightsError) {
        let result = elements.withUnsafeBytes { buffer in
            Result { () throws(WeightsError) in try write(buffer) }
        }
        try result.get()
    }

    /// Writes all of `bytes` at the current place.
    func write(_ bytes: UnsafeRawBufferPointer) throws(WeightsError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = systemWrite(descriptor, part.baseAddress, min(part.count, 1 << 30))
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw failure()
            }
        }
    }

    /// Goes back to the beginning, to write over what is there.
    func rewind() throws(WeightsError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw failure() }
    }

    /// Waits until everything is on the disk.
    func synchronize() throws(WeightsError) {
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private func failure() -> WeightsError {
        .unwritable(file: path, reason: String(cString: strerror(errno)))
    }
}

/// `write(2)`, under a name that no method of ``OutputFile`` has.
private func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Darwin)
    Darwin.write(descriptor, base, count)
    #elseif canImport(Musl)
    Musl.write(descriptor, base, count)
    #else
    Glibc.write(descriptor, base, count)
    #endif
}
