/// Where a model is between the disk and serving.
public enum ModelState: Hashable, Sendable {
    /// Not in memory; the next request loads it.
    case unloaded
    /// On its way into memory; the fraction goes from 0 to 1.
    case loading(fraction: Double)
    /// Serving; whether it is paused or asleep, its engine says.
    case ready
    /// Finishing what is open, or giving its memory back.
    case unloading
    /// Could not be loaded, or failed while it served. A later request tries again.
    case failed(EngineError)
}
