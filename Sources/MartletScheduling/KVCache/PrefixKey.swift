/// The hash of a block's content and of everything before it: equal contents have equal keys, and
/// different ones almost surely do not. `PrefixCache` takes care of the rest.
package struct PrefixKey: Hashable, Sendable {
    package let low: UInt64
    package let high: UInt64

    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The bits are already random, so half of them say enough to a dictionary.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(low)
    }
}
