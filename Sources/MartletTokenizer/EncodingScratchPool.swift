import Synchronization

/// Lends scratch memory to callers, one piece to each at a time, so that the cache of pre-tokens
/// in it stays warm without a lock around every word.
final class EncodingScratchPool: Sendable {
    private static let maximumCount = 8

    private let available = Mutex<[EncodingScratch]>([])

    init() {}

    func withScratch(_ body: (inout EncodingScratch) -> Void) {
        var scratch = available.withLock { $0.popLast() } ?? EncodingScratch()
        body(&scratch)
        scratch.trim()
        available.withLock { [scratch] in
            if $0.count < Self.maximumCount { $0.append(scratch) }
        }
    }
}
