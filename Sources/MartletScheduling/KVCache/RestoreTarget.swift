/// A block whose content the caller provides: the keys and values of block `index` of a prefix.
package struct RestoreTarget: Hashable, Sendable {
    package let index: Int
    package let block: Int32
}
