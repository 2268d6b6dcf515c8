/// Where a model stands: what `/models`, `/health` and `/metrics` are made from.
public struct ModelStatus: Sendable {
    /// What the model was declared as.
    public let definition: ModelDefinition
    /// Where the model is between the disk and serving.
    public let state: ModelState
    /// What loading the model takes, by estimate, in bytes.
    public let estimatedByteCount: Int
    /// What the model takes of the memory for models: by estimate while it loads, then as measured,
    /// weights and caches; 0 while it is not loaded.
    public let byteCount: Int
    /// Leases that are out.
    public let leaseCount: Int
    /// When the model was last asked for or given back; nil where it never was.
    public let lastUsed: ContinuousClock.Instant?
    /// The model's engine, for its statistics; nil while there is none. It may stop at any time:
    /// ``ModelManager/acquire(_:)`` keeps it.
    public let engine: AsyncEngine?

    /// The name to show.
    public var name: String { definition.names.first ?? "" }
}

/// What the manager publishes of a model; its engine is asked when somebody reads.
struct ModelRecord: Sendable {
    let definition: ModelDefinition
    let phase: ModelEntry.Phase
    let estimatedByteCount: Int
    let byteCount: Int
    let leaseCount: Int
    let lastUsed: ContinuousClock.Instant?
    let engine: AsyncEngine?

    var status: ModelStatus {
        ModelStatus(
            definition: definition, state: state, estimatedByteCount: estimatedByteCount,
            byteCount: byteCount, leaseCount: leaseCount, lastUsed: lastUsed, engine: engine)
    }

    private var state: ModelState {
        switch phase {
        case .unloaded: return .unloaded
        case .failed(let error, _): return .failed(error)
        case .draining, .unloading: return .unloading
        case .loading:
            if case .loading(let fraction) = engine?.state { return .loading(fraction: fraction) }
            return .loading(fraction: 0)
        case .ready:
            switch engine?.state {
            case .loading(let fraction): return .loading(fraction: fraction)
            case .failed(let error): return .failed(error)
            case .idle: return .loading(fraction: 0)
            case .draining, .stopped: return .unloading
            case .ready, .paused, .sleeping, nil: return .ready
            }
        }
    }
}
