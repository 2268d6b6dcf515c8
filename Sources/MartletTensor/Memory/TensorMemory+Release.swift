#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension TensorMemory {
    /// Gives pages back to the system; the contents become zero, the addresses stay.
    ///
    /// Linux drops the pages of a private mapping at once. Elsewhere a fresh mapping takes the
    /// place of the old one. Where the system refuses, as it does for locked pages, zeroes are
    /// written.
    ///
    /// - Parameter pointer: The beginning of a page.
    static func releasePages(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
        #if os(Linux)
        let isReleased = madvise(pointer, byteCount, MADV_DONTNEED) == 0
        #else
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED
        let isReleased =
            mmap(pointer, byteCount, PROT_READ | PROT_WRITE, flags, -1, 0) != MAP_FAILED
        #endif
        if !isReleased { memset(pointer, 0, byteCount) }
    }
}
