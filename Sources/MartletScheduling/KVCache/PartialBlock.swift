/// A cached block that begins as a sequence goes on, and differs later.
package struct PartialBlock: Hashable, Sendable {
    package let block: Int32
    /// How many leading tokens agree: at least one, and less than a block.
    package let tokenCount: Int
}
