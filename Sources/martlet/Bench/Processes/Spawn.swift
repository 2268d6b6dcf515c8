import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The start of a program with `posix_spawn`.
struct Spawn {
    private let arguments: [String]
    private let logPath: String

    #if canImport(Darwin)
    private typealias Actions = posix_spawn_file_actions_t?
    private typealias Attributes = posix_spawnattr_t?
    #else
    private typealias Actions = posix_spawn_file_actions_t
    private typealias Attributes = posix_spawnattr_t
    #endif

    /// - Parameter logPath: A file that is written anew with what the program puts out.
    init(_ arguments: [String], logPath: String) {
        self.arguments = arguments
        self.logPath = logPath
    }

    /// Starts it.
    ///
    /// - Returns: The process, which leads a group of its own.
    func run() throws -> Int {
        #if canImport(Darwin)
        var actions: Actions = nil
        var attributes: Attributes = nil
        #else
        var actions = Actions()
        var attributes = Attributes()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(
            &actions, 1, logPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        Self.set(&attributes)
        return try start(&actions, &attributes)
    }

    /// A group of its own, and the default effects of all signals, which this program may ignore
    /// and its threads may block.
    private static func set(_ attributes: inout Attributes) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = [POSIX_SPAWN_SETPGROUP, POSIX_SPAWN_SETSIGDEF, POSIX_SPAWN_SETSIGMASK]
        posix_spawnattr_setflags(&attributes, flags.reduce(0) { $0 | Int16($1) })
    }

    private func start(_ actions: inout Actions, _ attributes: inout Attributes) throws -> Int {
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var vector = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for string in vector + variables { free(string) } }
        var pid = pid_t()
        let code = posix_spawn(
            &pid, arguments.first ?? "", &actions, &attributes, &vector, &variables)
        guard code == 0 else {
            throw RequestFailure(
                "cannot start \(arguments.first ?? ""): \(String(cString: strerror(code)))")
        }
        return Int(pid)
    }
}
