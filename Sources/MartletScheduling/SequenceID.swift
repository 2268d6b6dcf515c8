/// Names one sequence from its admission to its end. Issued by the owner of the scheduler; a later
/// sequence has a larger number, and no number is used twice.
package struct SequenceID: Hashable, Sendable, Comparable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    package static func < (lhs: SequenceID, rhs: SequenceID) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

extension SequenceID: CustomStringConvertible {
    package var description: String { "sequence \(rawValue)" }
}
