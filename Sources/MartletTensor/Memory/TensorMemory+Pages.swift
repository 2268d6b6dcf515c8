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

    /// Takes pages from the system before they are written, which finds them cleared then. What
    /// they hold already stays.
    ///
    /// A hint: where the system has no means for it, or no memory, pages come when written.
    ///
    /// - Parameter bytes: Within the memory; whole pages around it are taken.
    func takePages(_ bytes: Range<Int>) {
        #if os(Linux)
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = bytes.lowerBound / page * page
        let populateForWriting: Int32 = 23
        madvise(pointer + first, min(bytes.upperBound, byteCount) - first, populateForWriting)
        #endif
    }
}
