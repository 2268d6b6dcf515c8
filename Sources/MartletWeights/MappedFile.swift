#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A regular file mapped into memory for reading.
///
/// The mapping is private and read-only, so its pages belong to the page cache and cost this
/// process nothing that cannot be given back. A file that shrinks while it is mapped makes reading
/// it a fatal signal, as with every mapping; checkpoints are replaced by renaming, not rewritten.
package final class MappedFile: Sendable {
    /// The path as it was opened, for messages.
    package let path: String
    package let byteCount: Int
    /// Read-only memory, mapped until deinit; nil for an empty file.
    nonisolated(unsafe) private let base: UnsafeMutableRawPointer?

    /// - Throws: ``WeightsError/unreadable(file:reason:)`` for all but readable regular files.
    package init(path: String) throws(WeightsError) {
        func failure(_ reason: String? = nil) -> WeightsError {
            .unreadable(file: path, reason: reason ?? String(cString: strerror(errno)))
        }
        guard !path.utf8.contains(0) else { throw failure("a path with a zero byte") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("not a regular file") }
        guard let size = Int(exactly: status.st_size), size >= 0 else {
            throw failure("too large")
        }
        self.path = path
        byteCount = size
        guard size > 0 else {
            base = nil
            return
        }
        let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let memory, memory != MAP_FAILED else { throw failure() }
        base = memory
    }

    deinit {
        if let base { munmap(base, byteCount) }
    }

    /// The whole file. Valid as long as this object lives.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: byteCount)
    }

    /// Gives back the pages that lie wholly within `range`; reading them again works.
    package func discard(_ range: Range<Int>) {
        guard let base, range.lowerBound >= 0, range.upperBound <= byteCount else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let lower = (range.lowerBound + page - 1) / page * page
        // The last page is the file's alone even where the file ends within it.
        let upper =
            range.upperBound == byteCount ? range.upperBound : range.upperBound / page * page
        if lower < upper { madvise(base + lower, upper - lower, MADV_DONTNEED) }
    }
}

/// Whether something exists at `path`, of whatever kind.
package func fileExists(_ path: String) -> Bool {
    !path.utf8.contains(0) && access(path, F_OK) == 0
}
