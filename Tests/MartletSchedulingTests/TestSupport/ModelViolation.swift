/// A promise of the scheduler that a run showed to be broken.
struct ModelViolation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// Throws a violation described by `description` unless `condition` holds.
    static func check(
        _ condition: Bool, _ description: @autoclosure () -> String
    ) throws(ModelViolation) {
        guard condition else { throw ModelViolation(description()) }
    }
}
