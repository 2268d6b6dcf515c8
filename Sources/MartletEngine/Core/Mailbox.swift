import Dispatch
import NIOConcurrencyHelpers

/// Identifies an admitted request within its engine.
struct RequestKey: Hashable, Sendable {
    let rawValue: UInt64
}

/// What callers ask of the engine core.
enum EngineCommand: Sendable {
    case submit(AdmittedRequest)
    case cancel(RequestKey)
    case resetPrefixCache(OneShot<Bool>)
}

/// The way into the engine core: any thread posts, the core's thread drains between steps.
final class Mailbox: Sendable {
    private struct State {
        var commands: [EngineCommand] = []
        var isClosed = false
        var coreSleeps = false
    }

    private let state = NIOLockedValueBox(State())
    private let wakeUp = DispatchSemaphore(value: 0)

    /// Queues a command and wakes the core if it sleeps.
    ///
    /// - Returns: False once the mailbox is closed; the command is then refused.
    @discardableResult
    func post(_ command: EngineCommand) -> Bool {
        change { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            return true
        }
    }

    /// Refuses further commands and makes the core end.
    func close() {
        change { $0.isClosed = true }
    }

    private func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, wakes) = state.withLockedValue { state in
            let result = body(&state)
            let wakes = state.coreSleeps && (state.isClosed || !state.commands.isEmpty)
            if wakes { state.coreSleeps = false }
            return (result, wakes)
        }
        if wakes { wakeUp.signal() }
        return result
    }

    /// Takes all commands. Only the core's thread calls this.
    ///
    /// - Parameter waits: Whether to sleep until there is a command or the mailbox is closed.
    /// - Returns: The commands, and whether the mailbox is closed.
    func drain(waits: Bool) -> (commands: [EngineCommand], isClosed: Bool) {
        while true {
            let found: ([EngineCommand], Bool)? = state.withLockedValue { state in
                guard waits, state.commands.isEmpty, !state.isClosed else {
                    defer { state.commands = [] }
                    return (state.commands, state.isClosed)
                }
                state.coreSleeps = true
                return nil
            }
            if let found { return found }
            wakeUp.wait()
        }
    }
}
