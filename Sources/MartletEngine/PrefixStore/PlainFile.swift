#if canImport(Darwin)
import Darwin
private let systemRead = Darwin.read
private let systemWrite = Darwin.write
#elseif canImport(Musl)
import Musl
private let systemRead = Musl.read
private let systemWrite = Musl.write
#else
import Glibc
private let systemRead = Glibc.read
private let systemWrite = Glibc.write
#endif

/// The file operations of the prefix store. Errors are the system's numbers.
enum PlainFile {
    struct SystemError: Error, Hashable, CustomStringConvertible {
        let number: Int32

        /// The error that the last call has left.
        static var last: SystemError { SystemError(number: errno) }

        var description: String { String(cString: strerror(number)) }
    }

    /// Makes a directory that only this user can read, and those above it.
    static func makeDirectory(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex
        else { throw .last }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last }
    }

    /// Writes `parts` to a new file beside `path` and renames it: readers see all or nothing.
    ///
    /// - Parameter replaces: Whether a file that is there goes. Otherwise `EEXIST` is thrown.
    static func write(
        _ parts: [UnsafeRawBufferPointer], to path: String, temporary: String,
        replaces: Bool = true
    ) throws(SystemError) {
        let descriptor = open(
            temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last }
        var error: SystemError?
        for part in parts where error == nil { error = writeAll(part, to: descriptor) }
        if close(descriptor) != 0 { error = error ?? .last }
        if error == nil {
            // A link, unlike a renaming, fails where there is a file.
            let status = replaces ? rename(temporary, path) : link(temporary, path)
            if status != 0 { error = .last }
        }
        if error != nil || !replaces { unlink(temporary) }
        if let error { throw error }
    }

    private static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32
    ) -> SystemError? {
        guard let base = bytes.baseAddress else { return nil }
        var done = 0
        while done < bytes.count {
            let count = systemWrite(descriptor, base + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? .last : SystemError(number: ENOSPC) }
            done += count
        }
        return nil
    }

    /// The regular file at `path`, cut into pieces of `sizes`; nil if its size is not their sum.
    static func read(_ path: String, sizes: [Int]) throws(SystemError) -> [[UInt8]]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last }
        guard
            status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) == sizes.reduce(0, +)
        else { return nil }
        var pieces: [[UInt8]] = []
        for size in sizes {
            let piece = try read(size, from: descriptor)
            // Another process may cut the file meanwhile.
            guard piece.count == size else { return nil }
            pieces.append(piece)
        }
        return pieces
    }

    private static func read(
        _ size: Int, from descriptor: Int32
    ) throws(SystemError) -> [UInt8] {
        var error: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, done in
            done = 0
            while done < size {
                guard let base = buffer.baseAddress else { return }
                let count = systemRead(descriptor, base + done, size - done)
                if count < 0, errno == EINTR { continue }
                if count < 0 { error = .last }
                guard count > 0 else { return }
                done += count
            }
        }
        if let error { throw error }
        return bytes
    }

    /// Size and time of modification in nanoseconds; nil for all but regular files.
    static func attributes(_ path: String) -> (byteCount: Int, modified: Int64)? {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        return (Int(status.st_size), Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func remove(_ path: String) {
        unlink(path)
    }

    /// Sets the time of modification to now.
    static func touch(_ path: String) {
        utimensat(AT_FDCWD, path, nil, 0)
    }
}
