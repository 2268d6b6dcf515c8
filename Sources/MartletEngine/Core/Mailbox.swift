import Dispatch
import NIOConcurrencyHelpers

/// The way into the engine core: any thread posts, the core's thread drains between steps.
final class Mailbox: Sendable {
    private struct State {
        var commands: [EngineCommand] = []
        var isClosed = false
        var coreSleeps = false
    }

    /// How long the core sleeps when it has nothing to do.
    enum Wait {
        case no
        case forAtMost(Duration)
        case forever
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
    /// - Parameter wait: How long to sleep while there is no command and the mailbox is open.
    /// - Returns: The commands, and whether the mailbox is closed.
    func drain(_ wait: Wait = .no) -> (commands: [EngineCommand], isClosed: Bool) {
        var sleeps = true
        switch wait {
        case .no: sleeps = false
        case .forAtMost, .forever: break
        }
        while true {
            let found: ([EngineCommand], Bool)? = state.withLockedValue { state in
                guard sleeps, state.commands.isEmpty, !state.isClosed else {
                    defer { state.commands = [] }
                    state.coreSleeps = false
                    return (state.commands, state.isClosed)
                }
                state.coreSleeps = true
                return nil
            }
            if let found { return found }
            switch wait {
            case .forAtMost(let duration):
                // A signal that comes just after the time is up wakes the next sleep too early,
                // which then finds nothing and sleeps again.
                _ = wakeUp.wait(timeout: .now() + duration.seconds)
                sleeps = false
            case .no, .forever: wakeUp.wait()
            }
        }
    }
}
