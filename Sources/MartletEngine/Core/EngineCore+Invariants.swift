import MartletScheduling

extension EngineCore {
    /// Checks every statement that must hold between two turns. For tests.
    ///
    /// - Throws: The first violation found.
    package func checkInvariants() throws {
        try scheduler.checkInvariants()
        let owned = requests.values.flatMap(\.openSequences)
        try InvariantViolation.check(
            Set(owned) == Set(sequences.keys) && owned.count == sequences.count,
            "sequences and requests do not belong together")
        for (key, request) in requests {
            try InvariantViolation.check(
                request.openSequences.isEmpty == held.contains(key),
                "a request is neither held nor scheduled")
        }
        try InvariantViolation.check(
            held.allSatisfy { requests[$0] != nil }, "a held request has ended")
        guard requests.isEmpty else { return }
        try InvariantViolation.check(
            scheduler.statistics.freeBlockCount == scheduler.statistics.totalBlockCount,
            "blocks are held for nobody")
    }
}
