import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The rows of a `RotaryTable`, each cosines then sines, computed front to back on demand.
///
/// `@unchecked Sendable`: rows below `filledCount` never change again; growth holds `growing`.
final class RotaryStorage: @unchecked Sendable {
    let pairCount: Int
    let maximumPosition: Int
    private let frequencies: [Float]
    private let scaling: Float
    private let memory: TensorMemory
    private let filledCount = Atomic<Int>(0)
    private let growing = WaitPoint()

    /// Rows computed at least per growth.
    private static let growth = 256

    init(frequencies: [Float], scaling: Float, maximumPosition: Int) {
        precondition(maximumPosition > 0 && !frequencies.isEmpty, "empty rotary table")
        self.frequencies = frequencies
        self.scaling = scaling
        self.maximumPosition = maximumPosition
        pairCount = frequencies.count
        memory = TensorMemory(
            byteCount: maximumPosition * pairCount * 2 * MemoryLayout<Float>.stride)
    }

    func cosine(_ position: Int) -> UnsafeMutablePointer<Float> {
        memory.pointer.assumingMemoryBound(to: Float.self) + position * 2 * pairCount
    }

    func sine(_ position: Int) -> UnsafeMutablePointer<Float> {
        cosine(position) + pairCount
    }

    /// Makes sure that rows 0...position are there.
    func fill(through position: Int) {
        precondition(position >= 0 && position < maximumPosition, "position out of range")
        guard position >= filledCount.load(ordering: .acquiring) else { return }
        growing.lock()
        defer { growing.unlock() }
        let filled = filledCount.load(ordering: .relaxed)
        guard position >= filled else { return }
        let end = min(maximumPosition, (position / Self.growth + 1) * Self.growth)
        for row in filled..<end { compute(row) }
        filledCount.store(end, ordering: .releasing)
    }

    private func compute(_ position: Int) {
        let cosine = cosine(position)
        let sine = sine(position)
        for (index, frequency) in frequencies.enumerated() {
            let angle = Double(frequency * Float(position))
            cosine[index] = Float(cos(angle)) * scaling
            sine[index] = Float(sin(angle)) * scaling
        }
    }
}
