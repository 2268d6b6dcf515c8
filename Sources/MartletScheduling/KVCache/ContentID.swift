/// Names the content of one cached block together with everything before it. Issued once and never
/// again, so that equal names mean equal contents, which hashes alone cannot promise.
struct ContentID: Hashable, Sendable {
    let rawValue: UInt64

    /// What precedes the first block of a sequence, and the content of a block that is not cached.
    static let none = ContentID(rawValue: 0)
}
