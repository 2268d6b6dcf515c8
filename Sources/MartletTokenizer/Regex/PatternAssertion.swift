/// A condition on a position.
enum PatternAssertion: UInt8, Sendable {
    case textStart
    case textEnd
    /// The end, or before a newline at the end.
    case textEndBeforeNewline
    case lineStart
    case lineEnd
    case wordBoundary
    case notWordBoundary
}
