/// A statement about the scheduler's own state that does not hold. Only a bug in it can cause one.
package struct InvariantViolation: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Throws a violation described by `description` unless `condition` holds.
    package static func check(
        _ condition: Bool, _ description: @autoclosure () -> String
    ) throws(InvariantViolation) {
        guard condition else { throw InvariantViolation(description()) }
    }
}
