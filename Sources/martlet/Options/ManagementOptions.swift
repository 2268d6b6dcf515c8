import ArgumentParser

/// How `martlet serve` manages several models in one process.
struct ManagementOptions: ParsableArguments {
    @Option(
        help: """
            What all models together may take of the memory: 8GiB. By default nine tenths of what \
            is available; a single model has no limit but the system's.
            """)
    var memoryBudget: Quantity?

    @Option(
        help: """
            Seconds that a model stays in memory after its last request; by default until \
            another needs the room.
            """)
    var keepAlive: Double?

    @Flag(help: "Load each model when the first request asks for it.")
    var lazy = false

    @Flag(help: "Let POST /models/load bring models that were not named here.")
    var allowModelAdditions = false

    mutating func validate() throws {
        if let keepAlive, !(0..<1e9).contains(keepAlive) {
            throw ValidationError("--keep-alive must not be negative.")
        }
        if let memoryBudget, memoryBudget.value < 1 {
            throw ValidationError("--memory-budget must be at least 1 byte.")
        }
    }
}
