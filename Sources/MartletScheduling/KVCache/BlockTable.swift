/// The blocks that hold one sequence's keys and values, in order of position, and how far the
/// prefix cache knows what is in them.
package struct BlockTable: Sendable {
    package let scope: PrefixScope
    /// The block of positions `i * blockSize ..< (i + 1) * blockSize` is `blocks[i]`.
    package var blocks: [Int32] = []

    /// The key of the scope, parent of the first block.
    let scopeKey: PrefixKey
    /// The keys of the leading full blocks, as far as anyone has asked. They depend on the tokens
    /// only, so they outlive the blocks.
    var keys: [PrefixKey] = []
    /// How many leading blocks the prefix cache knows, as its own or as copies of its own.
    var publishedBlockCount = 0
    /// The content of the last of them.
    var publishedContent = ContentID.none
    /// Whether further blocks may be published. Not once the cache was reset while the sequence
    /// held blocks: what it holds since then is what the reset wanted to be forgotten.
    var publishes = true

    package init(scope: PrefixScope, scopeKey: PrefixKey) {
        self.scope = scope
        self.scopeKey = scopeKey
    }

    package var count: Int { blocks.count }
}
