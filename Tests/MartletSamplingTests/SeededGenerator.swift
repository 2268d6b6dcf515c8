import MartletTensor

/// Repeatable random numbers for tests.
///
/// - Source: SplitMix64; Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators",
///   2014.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

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
