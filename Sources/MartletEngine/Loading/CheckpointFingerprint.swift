import MartletScheduling

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Tells one checkpoint from another by its files, wherever they lie.
///
/// Reading gigabytes to be certain would cost more than the model's start. So of every file its
/// name and size count, and pages taken from all over it: training, however little, changes the
/// weights almost everywhere.
struct CheckpointFingerprint: Hashable, CustomStringConvertible {
    let description: String

    private static let pageSize = 4096
    private static let pageCount = 64

    /// - Throws: ``EngineError`` naming a file that cannot be read.
    init(directory: String) throws(EngineError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        var hash = SipHash128(key0: 0x6d61_7274_6c65_7421, key1: 1)
        for name in names.sorted()
        where name == "config.json" || name.hasSuffix(".safetensors") || name.hasSuffix(".gguf") {
            for byte in name.utf8 { hash.combine(UInt64(byte)) }
            try Self.combine(file: "\(directory)/\(name)", into: &hash)
        }
        let key = hash.finalize()
        description = "\(key.low) \(key.high)"
    }

    private static func combine(
        file: String, into hash: inout SipHash128
    ) throws(EngineError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw EngineError(.loadingFailed, "\(file) cannot be read (error \(errno)).")
        }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        hash.combine(UInt64(size))
        let steps = max(1, min(pageCount, (size + pageSize - 1) / pageSize))
        var page = [UInt64](repeating: 0, count: pageSize / 8)
        for step in 0..<steps {
            let offset = steps == 1 ? 0 : (size - pageSize) / (steps - 1) * step
            let count = page.withUnsafeMutableBytes { buffer in
                buffer.initializeMemory(as: UInt8.self, repeating: 0)
                return pread(descriptor, buffer.baseAddress, pageSize, off_t(max(0, offset)))
            }
            guard count >= 0 else {
                throw EngineError(.loadingFailed, "\(file) cannot be read (error \(errno)).")
            }
            for word in page { hash.combine(word) }
        }
    }
}
