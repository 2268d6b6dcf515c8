import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Signals to the process, as a stream. Their default effects are off from the first one watched.
struct Signals: Sendable {
    /// The signals as they come.
    let received: AsyncStream<Int32>
    private let sources: Sources

    /// Keeps the sources for as long as the stream is wanted.
    ///
    /// Unchecked: the list never changes, and Dispatch lets any thread cancel a source.
    private final class Sources: @unchecked Sendable {
        let list: [any DispatchSourceSignal]

        init(_ list: [any DispatchSourceSignal]) {
            self.list = list
        }
    }

    static let interrupt = SIGINT
    static let terminate = SIGTERM

    /// Watches `signals`.
    init(_ signals: [Int32]) {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        received = stream
        let list = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
        sources = Sources(list)
    }

    /// Stops watching.
    func end() {
        for source in sources.list { source.cancel() }
    }

    /// Ends the process as an unhandled signal would be reported by a shell.
    static func exitProcess(after signal: Int32) -> Never {
        _exit(128 + signal)
    }
}
