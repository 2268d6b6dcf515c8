/// Whether an id has a token, and of what kind.
enum TokenKind: UInt8, Sendable {
    case none, plain, special
}
