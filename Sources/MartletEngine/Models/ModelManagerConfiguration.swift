/// The limits of a ``ModelManager``; every default just works.
public struct ModelManagerConfiguration: Hashable, Sendable {
    /// Bytes that all models together may take, weights and caches; nil is nine tenths of what is
    /// available at the start, or for a single model no limit but the system's.
    public var memoryByteCount: Int?
    /// Threads that compute, for all models together; nil is what affinity and cgroup quota allow.
    public var threadCount: Int?
    /// Whether models may be added that were not declared at the start.
    public var allowsAdditions = false
    /// How long a request waits for memory that models in use hold, before it is refused.
    public var memoryWaitTimeout = Duration.seconds(60)
    /// How long a failed load is the answer to further requests, before it is tried again.
    public var retryDelay = Duration.seconds(5)
    /// How long a model that is told to unload is left to those who use it.
    public var drainTimeout = Duration.seconds(30)
    /// How long open requests may go on after a graceful shutdown has begun.
    public var shutdownTimeout = Duration.seconds(30)
    /// Models that load at the same time. More than one delays them all.
    public var maximumConcurrentLoadCount = 1

    /// The defaults.
    public init() {}
}
