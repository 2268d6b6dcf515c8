/// What an engine's core needs from around it.
struct EngineSurroundings: Sendable {
    let run: EngineRun
    let clock: EngineClock
    let observer: any EngineObserver
    /// Loads the parts again after their memory was given back; blocks while it does.
    let reload: @Sendable () throws -> EngineParts
}
