import MartletExecutor
import MartletSampling
import MartletScheduling
import NIOConcurrencyHelpers

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A model without arithmetic: its KV cache holds the tokens themselves, and the next token is a
/// hash of all that the block table leads to. A wrong table, a block freed too early or a stale
/// prefix gives a wrong token.
final class ShadowExecutor: StepExecutor {
    struct Failure: Error {}

    /// What a test observes and steers from outside.
    struct Controls: Sendable {
        var stepCount = 0
        var restartCount = 0
        var failingSteps: Set<Int> = []
        /// Steps that do not end before they are taken out of here.
        var hangingSteps: Set<Int> = []
        var delay: Duration = .zero
    }

    let controls: SharedControls
    private var cache: [Int32]
    private let blockSize: Int

    init(blockCount: Int, blockSize: Int, controls: SharedControls) {
        cache = Array(repeating: -1, count: blockCount * blockSize)
        self.blockSize = blockSize
        self.controls = controls
    }

    func execute(_ batch: ScheduledBatch, sequences: [StepSequence]) throws -> [StepResult] {
        let (step, delay, fails) = controls.change { controls in
            controls.stepCount += 1
            let step = controls.stepCount
            return (step, controls.delay, controls.failingSteps.contains(step))
        }
        while controls.change({ $0.hangingSteps.contains(step) }) { usleep(1000) }
        if delay > .zero { pause(delay) }
        if fails { throw Failure() }
        return zip(batch.sequences, sequences).map { scheduled, sequence in
            write(scheduled)
            guard scheduled.samples else { return StepResult() }
            let id = nextToken(of: scheduled)
            return StepResult(token: SampledToken(id: id, logprobs: nil))
        }
    }

    func restart() {
        cache = Array(repeating: -1, count: cache.count)
        controls.change { $0.restartCount += 1 }
    }

    func copyBlocks(_ copies: [(source: Int32, target: Int32)]) {
        for copy in copies {
            let tokens = cache[range(copy.source)]
            cache.replaceSubrange(range(copy.target), with: tokens)
        }
    }

    var blockByteCount: Int { blockSize * MemoryLayout<Int32>.stride }

    func readBlock(_ block: Int32, into buffer: UnsafeMutableRawBufferPointer) {
        cache[range(block)].withUnsafeBytes { buffer.copyMemory(from: $0) }
    }

    func writeBlock(_ block: Int32, from buffer: UnsafeRawBufferPointer) {
        let size = MemoryLayout<Int32>.stride
        let tokens = (0..<blockSize).map {
            buffer.loadUnaligned(fromByteOffset: $0 * size, as: Int32.self)
        }
        cache.replaceSubrange(range(block), with: tokens)
    }

    private func range(_ block: Int32) -> Range<Int> {
        Int(block) * blockSize..<(Int(block) + 1) * blockSize
    }

    private func slot(_ scheduled: ScheduledSequence, _ position: Int) -> Int {
        Int(scheduled.blockTable[position / blockSize]) * blockSize + position % blockSize
    }

    private func write(_ scheduled: ScheduledSequence) {
        for (offset, token) in scheduled.tokens.enumerated() {
            cache[slot(scheduled, scheduled.startPosition + offset)] = token
        }
    }

    private func nextToken(of scheduled: ScheduledSequence) -> Int32 {
        let length = scheduled.startPosition + scheduled.tokens.count
        return Self.token(after: (0..<length).map { cache[slot(scheduled, $0)] })
    }

    /// The token that follows a context, in `a ... z`.
    static func token(after context: [Int32]) -> Int32 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for token in context {
            hash = (hash ^ UInt64(truncatingIfNeeded: token)) &* 0x100_0000_01b3
        }
        return Int32(97 + (hash >> 33) % 26)
    }

    /// What the model answers to a prompt: the oracle of every test.
    static func continuation(of prompt: [Int32], count: Int) -> [Int32] {
        var context = prompt
        for _ in 0..<count { context.append(token(after: context)) }
        return Array(context.dropFirst(prompt.count))
    }

    private func pause(_ delay: Duration) {
        usleep(UInt32(delay / .microseconds(1)))
    }
}

/// Controls shared by a test and the executor on its engine's thread.
final class SharedControls: Sendable {
    private let value = NIOLockedValueBox(ShadowExecutor.Controls())

    func change<Result: Sendable>(
        _ body: (inout ShadowExecutor.Controls) -> Result
    ) -> Result {
        value.withLockedValue(body)
    }
}
