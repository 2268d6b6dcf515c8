#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Zeroed, page-aligned memory that is given back to the system with its last reference.
///
/// Pages are taken lazily: what is never touched costs address space only.
///
/// `@unchecked Sendable`: the address never changes; who writes what is settled by the owner, the
/// engine thread, which hands disjoint parts to its pool and waits for them.
package final class TensorMemory: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    package let byteCount: Int

    /// From this size on the kernel is asked for huge pages: fewer TLB misses when streaming. They
    /// are larger themselves, but neighbours that ask alike share them.
    private static let hugePageByteCount = 256 << 10

    package init(reserving byteCount: Int) throws(TensorError) {
        guard byteCount >= 0 else {
            throw .invalidShape("\(byteCount) bytes of memory")
        }
        let length = max(byteCount, 64)
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | Self.lazyFlag
        let address = mmap(nil, length, PROT_READ | PROT_WRITE, flags, -1, 0)
        guard let address, address != MAP_FAILED else {
            throw .outOfMemory(byteCount: byteCount)
        }
        #if os(Linux)
        if length >= Self.hugePageByteCount { madvise(address, length, MADV_HUGEPAGE) }
        #endif
        pointer = address
        self.byteCount = length
    }

    /// As `init(reserving:)`, for sizes the program itself chose: like an array, it traps when
    /// memory is exhausted.
    package convenience init(byteCount: Int) {
        do {
            try self.init(reserving: byteCount)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    deinit {
        munmap(pointer, byteCount)
    }

    private static var lazyFlag: Int32 {
        #if os(Linux)
        MAP_NORESERVE
        #else
        0
        #endif
    }
}
