#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension PackedMatrix {
    /// Gives the pages of a matrix back that is not needed any more; it becomes zero.
    package func releaseMemory() {
        precondition(isWritable, "memory of somebody else's")
        TensorMemory.releasePages(panel(0), byteCount)
    }

    /// Brings pages of a mapped file into memory, in parallel, and waits for them.
    package func prefetch(pool: WorkerPool) {
        let size = byteCount
        let chunkCount = (size + Self.prefetchByteCount - 1) / Self.prefetchByteCount
        pool.run(chunkCount: chunkCount) { chunk, _ in
            let start = chunk * Self.prefetchByteCount
            Self.touch(panel(0) + start, min(Self.prefetchByteCount, size - start))
        }
    }

    /// What a thread brings in at a time: enough for a disk to be read at full speed.
    private static let prefetchByteCount = 4 << 20

    /// Where the system cannot be asked for many pages at once, a byte of each is read.
    private static func touch(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let slack = Int(bitPattern: start) % page
        #if os(Linux)
        let populateForReading: Int32 = 22
        if madvise(start - slack, byteCount + slack, populateForReading) == 0 { return }
        #endif
        var sum: UInt8 = 0
        for offset in stride(from: 0, to: byteCount, by: page) {
            sum &+= (start + offset).load(as: UInt8.self)
        }
        withExtendedLifetime(sum) {}
    }
}
