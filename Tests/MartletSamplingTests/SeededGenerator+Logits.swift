import MartletTensor
import MartletTestSupport

extension SeededGenerator {
    /// Logits like a model's: many low, few high, about `spread` around zero.
    mutating func logits(_ count: Int, spread: Float = 3) -> [Float] {
        (0..<count).map { _ in
            (0..<4).reduce(0) { sum, _ in sum + Float.random(in: -1...1, using: &self) } * spread
        }
    }

    /// Logits on a grid of eighths, so that equals abound and unequals are far apart.
    mutating func gridLogits(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(Int.random(in: -40...40, using: &self)) / 8 }
    }
}

/// The instruction sets this machine runs.
let availableTables = InstructionSet.supported.compactMap { KernelTable($0) }
/// Their sampling kernels.
let availableKernels = availableTables.map { SamplingKernels($0) }

extension Array where Element == Float {
    /// A tensor's row, for what takes one.
    func withRow<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try withUnsafeBufferPointer(body)
    }
}
