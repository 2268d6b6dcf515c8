import Dispatch
import FoundationEssentials
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that this one starts and ends, in a process group of its own, so that a Ctrl-C at the
/// terminal does not reach it and everything it starts ends with it.
package final class ChildProcess: Sendable {
    package let pid: Int
    /// Where its output goes.
    let logPath: String
    /// What `waitpid` has told, once it has.
    private let ending = Mutex<Ending?>(nil)

    /// How a process ended.
    package enum Ending: Hashable, CustomStringConvertible {
        case exited(Int)
        case killed(signal: Int)

        package var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .killed(let signal): "ended by signal \(signal)"
            }
        }
    }

    /// Starts `arguments`, the first of which is the path of the program.
    package init(_ arguments: [String], logPath: String) throws {
        self.logPath = logPath
        pid = try Spawn(arguments, logPath: logPath).run()
    }

    /// Starts a command of the shell.
    package convenience init(command: String, logPath: String) throws {
        try self.init(["/bin/sh", "-c", command], logPath: logPath)
    }

    /// How it ended; nil while it runs.
    package var ended: Ending? {
        ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            guard waitpid(pid_t(pid), &status, WNOHANG) == pid_t(pid) else { return nil }
            let signal = Int(status & 0x7F)
            ending = signal == 0 ? .exited(Int(status >> 8) & 0xFF) : .killed(signal: signal)
            return ending
        }
    }

    /// The last lines of its output, each on a line of its own.
    package var lastOutput: String {
        let text = FileManager.default.contents(atPath: logPath).map {
            String(decoding: $0.suffix(4096), as: UTF8.self)
        }
        let lines = (text ?? "").split(whereSeparator: \.isNewline).suffix(5)
        return lines.isEmpty ? "\n  (nothing)" : lines.map { "\n  \($0)" }.joined()
    }

    /// Asks it to end, and kills it if it does not within `grace`; returns when it and all that it
    /// started are gone. Does so in a cancelled task as well.
    ///
    /// - Returns: Whether it ended by itself.
    @discardableResult
    package func stop(grace: Duration = .seconds(30)) async -> Bool {
        kill(-pid_t(pid), SIGTERM)
        let clock = ContinuousClock()
        var deadline = clock.now + grace
        var isKilled = false
        while ended == nil || ProcessTable.now().hasGroup(pid) {
            if clock.now > deadline {
                if isKilled { return false }
                kill(-pid_t(pid), SIGKILL)
                isKilled = true
                deadline = clock.now + .seconds(5)
            }
            await Self.pause(milliseconds: 20)
        }
        return !isKilled
    }

    /// A pause that a cancelled task takes as well.
    private static func pause(milliseconds: Int) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
                continuation.resume()
            }
        }
    }
}
