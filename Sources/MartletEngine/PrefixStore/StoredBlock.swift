package import MartletScheduling

/// A block that was read from a prefix store and found to be exactly what was asked for.
package struct StoredBlock: Hashable, Sendable {
    /// Which block of the prompt it is.
    package let index: Int
    package let key: PrefixKey
    /// The keys and values, as the executor gave them.
    package let payload: [UInt8]
}

/// A block that a prefix store is to keep.
package struct BlockToStore: Sendable {
    package let key: PrefixKey
    /// The key of the block before, or of the prompt's scope.
    package let parent: PrefixKey
    package let tokens: [Int32]
    /// The keys and values.
    package let payload: [UInt8]

    package init(key: PrefixKey, parent: PrefixKey, tokens: [Int32], payload: [UInt8]) {
        self.key = key
        self.parent = parent
        self.tokens = tokens
        self.payload = payload
    }
}
