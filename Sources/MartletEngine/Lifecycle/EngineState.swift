/// Where an engine is in its life.
public enum EngineState: Hashable, Sendable {
    /// Created, and not started yet.
    case idle
    /// Loading the model; the fraction goes from 0 to 1.
    case loading(fraction: Double)
    /// Serving.
    case ready
    /// Standing still; requests wait until it is resumed.
    case paused
    /// Standing still, without weights and KV cache, until it is woken up.
    case sleeping
    /// Finishing what it has admitted, admitting no more.
    case draining
    /// Stopped for good.
    case stopped
    /// Could not load its model.
    case failed(EngineError)
}
