/// What decides the content of a sequence's blocks besides its tokens. Sequences of different
/// scopes never share a block. An adapter's identity belongs here as well.
package struct PrefixScope: Hashable, Sendable {
    package var cacheSalt: String?

    package init(cacheSalt: String? = nil) {
        self.cacheSalt = cacheSalt
    }
}
