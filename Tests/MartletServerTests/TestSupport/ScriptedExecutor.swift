import MartletExecutor
import MartletSampling
import MartletScheduling
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A model without arithmetic: after `x` comes the letter that follows `x` in the alphabet.
///
/// Reports give the chosen token the log probability -1 and the letters after it -2, -3 and so on.
final class ScriptedExecutor: StepExecutor {
    private let pace: Pace

    init(pace: Pace) {
        self.pace = pace
    }

    func restart() {}

    func execute(_ batch: ScheduledBatch, sequences: [StepSequence]) throws -> [StepResult] {
        try pace.step()
        return zip(batch.sequences, sequences).map { scheduled, sequence in
            var result = StepResult()
            if let count = sequence.promptLogprobCount {
                let start = scheduled.startPosition
                let end = min(start + scheduled.tokens.count, sequence.promptTokens.count - 1)
                result.promptLogprobs = (start..<max(start, end)).map { position in
                    Self.report(of: sequence.promptTokens[position + 1], count: count)
                }
            }
            guard scheduled.samples, let last = scheduled.tokens.last else { return result }
            let id = Self.token(after: last)
            let logprobs = sequence.sampler.parameters.logprobCount.map {
                Self.report(of: id, count: $0)
            }
            result.token = SampledToken(id: id, logprobs: logprobs)
            return result
        }
    }

    // It keeps nothing: the last token says what comes next.
    func copyBlocks(_ copies: [(source: Int32, target: Int32)]) {}
    var blockByteCount: Int { 0 }
    func readBlock(_ block: Int32, into buffer: UnsafeMutableRawBufferPointer) {}
    func writeBlock(_ block: Int32, from buffer: UnsafeRawBufferPointer) {}

    /// The next letter: `a` after `z` and after everything that is no letter.
    static func token(after token: Int32) -> Int32 {
        (97..<122).contains(token) ? token + 1 : 97
    }

    private static func report(of id: Int32, count: Int) -> TokenLogprobs {
        var top: [TokenLogprob] = []
        var next = id
        for rank in 1...max(1, count) where count > 0 {
            top.append(TokenLogprob(id: next, logprob: -Float(rank), rank: rank))
            next = token(after: next)
        }
        return TokenLogprobs(chosen: TokenLogprob(id: id, logprob: -1, rank: 1), top: top)
    }
}

/// How fast a ``ScriptedExecutor`` runs, steered by a test from outside.
final class Pace: Sendable {
    struct Failure: Error {}

    private struct State {
        var delay = Duration.zero
        var fails = false
        var holds = false
    }

    private let state = Mutex(State())

    var delay: Duration {
        get { state.withLock(\.delay) }
        set { state.withLock { $0.delay = newValue } }
    }

    var fails: Bool {
        get { state.withLock(\.fails) }
        set { state.withLock { $0.fails = newValue } }
    }

    /// Whether steps do not end.
    var holds: Bool {
        get { state.withLock(\.holds) }
        set { state.withLock { $0.holds = newValue } }
    }

    fileprivate func step() throws {
        while holds { usleep(1000) }
        let (delay, fails) = state.withLock { ($0.delay, $0.fails) }
        let end = ContinuousClock.now + delay
        while ContinuousClock.now < end {}
        if fails { throw Failure() }
    }
}
