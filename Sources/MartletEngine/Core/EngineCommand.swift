/// Identifies an admitted request within its engine.
struct RequestKey: Hashable, Sendable {
    let rawValue: UInt64
}

/// What becomes of the open requests when an engine pauses or goes to sleep.
public enum PauseMode: String, Hashable, Sendable, CaseIterable {
    /// They end with ``FinishReason/abort``.
    case abort
    /// They are finished first; new ones wait meanwhile.
    case wait
    /// They stop where they are, and go on afterwards.
    case keep
}

/// What callers ask of the engine core.
enum EngineCommand: Sendable {
    case submit(AdmittedRequest)
    case cancel(RequestKey, CancellationCause)
    /// Ends the requests with these identifiers, or all where there are none; answers how many.
    case abort(requestIDs: Set<String>, OneShot<Int>)
    case resetPrefixCache(OneShot<Bool>)
    /// Takes no further steps; answers once no step will follow.
    case pause(PauseMode, OneShot<Bool>)
    case resume(OneShot<Bool>)
    /// Pauses, and then gives the memory of weights and KV cache back.
    case sleep(PauseMode, OneShot<Bool>)
    /// Takes the memory again, and goes on.
    case wake(OneShot<Bool>)
}
