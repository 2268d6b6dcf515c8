import ArgumentParser

/// The requests that a benchmark makes.
struct LoadOptions: ParsableArguments {
    @Option(help: "Number of requests.")
    var numPrompts = 100

    @Option(help: "Tokens in each prompt.")
    var inputLen = 128

    @Option(help: "Tokens to generate for each.")
    var outputLen = 64

    mutating func validate() throws {
        let counts = [numPrompts, inputLen, outputLen]
        guard counts.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ValidationError(
                "--num-prompts, --input-len and --output-len must be from 1 to 1000000.")
        }
    }

    /// Prompts of random tokens, which no prefix cache can help: the same for the same seed.
    func prompts(vocabularySize: Int, seed: UInt64) -> [[Int32]] {
        var generator = SplitMix(state: seed)
        // The first ids are often special tokens.
        let first = min(10, vocabularySize - 1)
        return (0..<numPrompts).map { _ in
            (0..<inputLen).map { _ in
                Int32.random(in: Int32(first)..<Int32(vocabularySize), using: &generator)
            }
        }
    }
}

/// A small generator with a seed.
///
/// - Source: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
struct SplitMix: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
