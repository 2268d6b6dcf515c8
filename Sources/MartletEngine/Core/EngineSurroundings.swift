import MartletExecutor

/// What an engine's core needs from around it.
struct EngineSurroundings: Sendable {
    let run: EngineRun
    let clock: EngineClock
    let observer: any EngineObserver
    /// Waits for the model's turn on the processors and computes a step in it.
    var takeTurn: @Sendable (() throws -> [StepResult]) throws -> [StepResult] = { try $0() }
    /// Loads the parts again after their memory was given back; blocks while it does.
    let reload: @Sendable () throws -> EngineParts
    /// Steps that may fail in a row before the engine counts as broken.
    var failureCountMax = 3
}
