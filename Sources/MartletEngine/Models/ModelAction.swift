/// Names one declared model.
package struct ModelKey: Hashable, Sendable {
    package let rawValue: Int
}

/// Names one who waits for a model.
package struct WaiterKey: Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// One stay of a model in memory: what comes late from an earlier one is told by its number.
package struct ModelLoad: Hashable, Sendable {
    package let model: ModelKey
    package let generation: UInt64

    package init(model: ModelKey, generation: UInt64) {
        self.model = model
        self.generation = generation
    }
}

/// What has to be done after an event in a ``ModelTable``.
package enum ModelAction: Hashable, Sendable {
    /// Load the model, and report `loaded` or `loadFailed`.
    case startLoading(ModelLoad)
    /// End the model's engine, and report `unloaded`; gracefully is to let open requests end.
    case startUnloading(ModelLoad, gracefully: Bool)
    /// Resume one who asked for the model: it is loaded, and stays so until the lease ends.
    case grant(WaiterKey, ModelLoad)
    /// Resume one who asked for the model to be loaded or unloaded.
    case complete(WaiterKey)
    /// Resume a waiter with an error.
    case refuse(WaiterKey, ModelError)
}
