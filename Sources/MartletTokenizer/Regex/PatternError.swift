/// Why the text of a pattern cannot be used, and where.
package struct PatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Distance of the offending construct from the start of the pattern, in Unicode scalars.
    package let offset: Int
    /// What is wrong, as a phrase: `unbalanced parenthesis`.
    package let reason: String

    package var description: String { "pattern, character \(offset): \(reason)" }
}
