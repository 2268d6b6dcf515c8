/// Copies the beginning of one KV block to another, in every layer, keys and values alike.
///
/// All copies of a step are carried out in their order and before anything of it is computed: a
/// source may be the target of a later copy, or be written by the step itself.
package struct BlockCopy: Hashable, Sendable {
    package let source: Int32
    package let target: Int32
    /// How many leading positions of the block are wanted. Copying more does no harm.
    package let tokenCount: Int

    package init(source: Int32, target: Int32, tokenCount: Int) {
        self.source = source
        self.target = target
        self.tokenCount = tokenCount
    }
}
