import NIOConcurrencyHelpers

/// Lends scratch memory to callers, one piece to each at a time, so that the cache of pre-tokens
/// in it stays warm without a lock around every word.
final class EncodingScratchPool: Sendable {
    private static let maximumCount = 8

    private let available = NIOLockedValueBox<[EncodingScratch]>([])

    init() {}

    func withScratch(_ body: (inout EncodingScratch) -> Void) {
        var scratch = available.withLockedValue { $0.popLast() } ?? EncodingScratch()
        body(&scratch)
        scratch.trim()
        available.withLockedValue { [scratch] in
            if $0.count < Self.maximumCount { $0.append(scratch) }
        }
    }
}
