/// A block of the prefix cache as a store outside it knows one: by a key that says what is in it
/// and in all blocks before it.
package struct CachedBlock: Hashable, Sendable {
    /// Where the keys and values are.
    package let block: Int32
    package let key: PrefixKey
    /// The key of the block before, or, for a first block, that of the scope.
    package let parent: PrefixKey
    package let tokens: [Int32]
}
