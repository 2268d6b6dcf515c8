/// Why an output ended.
public enum FinishReason: String, Hashable, Sendable {
    /// An end-of-sequence token, a stop token or a stop string.
    case stop
    /// The request's token limit, or the model's context.
    case length
    /// The caller, or the shutdown of the engine.
    case abort
    /// The request's time limit.
    case timeout
}

/// What stopped an output that finished with ``FinishReason/stop``, unless it was the model's
/// end-of-sequence token.
public enum StopReason: Hashable, Sendable {
    /// The stop string that was found.
    case string(String)
    /// The stop token that was sampled.
    case token(Int32)
}
