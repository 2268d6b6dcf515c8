/// Why a model cannot be had.
package enum ModelError: Error, Hashable, Sendable {
    /// A model in memory that stands in another's way.
    package struct Holding: Hashable, Sendable {
        package let name: String
        package let byteCount: Int
        package let isPinned: Bool

        package init(name: String, byteCount: Int, isPinned: Bool) {
            self.name = name
            self.byteCount = byteCount
            self.isPinned = isPinned
        }
    }

    /// No model has this name.
    case unknown(name: String)
    /// The model does not fit even where no other is loaded.
    case tooLarge(name: String, needed: Int, budget: Int)
    /// The models in memory were in use for all the time that the request may wait.
    case busy(name: String, needed: Int, budget: Int, holdings: [Holding])
    /// The last attempt failed a moment ago.
    case failed(EngineError)
    /// The model was told to unload before it was loaded.
    case unloaded(name: String)
    /// The model is loaded, or on its way.
    case inUse(name: String)
    /// Another model has the name, or there is none.
    case badName(String)
    /// Models cannot be added here.
    case additionsDisabled
    case shuttingDown
}

extension EngineError.Code {
    /// No model has the name that was asked for.
    public static let modelNotFound = Self(description: "modelNotFound")
    /// The model does not fit into the memory that models may take.
    public static let insufficientMemory = Self(description: "insufficientMemory")
    /// The model waits for memory that others use, or is about to change; try again later.
    public static let modelBusy = Self(description: "modelBusy")
}

extension EngineError {
    init(_ error: ModelError) {
        switch error {
        case .unknown(let name):
            self.init(
                .modelNotFound, "The model '\(name)' does not exist.", parameter: "model",
                value: name)
        case .tooLarge(let name, let needed, let budget):
            self.init(
                .insufficientMemory,
                "The model '\(name)' needs about \(needed) bytes, and all models together may "
                    + "take \(budget).", parameter: "model", value: name)
        case .busy(let name, let needed, let budget, let holdings):
            let list = holdings.map { holding in
                "'\(holding.name)' (\(holding.byteCount)\(holding.isPinned ? ", pinned" : ""))"
            }.joined(separator: ", ")
            self.init(
                .modelBusy,
                "The model '\(name)' needs about \(needed) of \(budget) bytes, and what is loaded "
                    + "stayed in use: \(list).", parameter: "model", value: name)
        case .failed(let error): self = error
        case .unloaded(let name):
            self.init(
                .modelBusy, "The model '\(name)' was unloaded before it was ready.",
                parameter: "model", value: name)
        case .inUse(let name):
            self.init(
                .modelBusy, "The model '\(name)' is loaded.", parameter: "model", value: name)
        case .badName(let name):
            self.init(
                .invalidConfiguration,
                "A model cannot be named '\(name)': the name is taken or "
                    + "empty.", parameter: "model", value: name)
        case .additionsDisabled:
            self.init(
                .invalidConfiguration, "Models cannot be added while this process runs.",
                parameter: "model")
        case .shuttingDown: self.init(.engineStopped, "The engine is shutting down.")
        }
    }
}
