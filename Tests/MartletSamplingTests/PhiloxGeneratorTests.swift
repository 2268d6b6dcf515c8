import MartletSampling
import Testing

@Suite struct PhiloxGeneratorTests {
    /// The known answers that the authors publish with Random123 (`kat_vectors`, philox4x32 10).
    @Test func `blocks equal the published answers`() {
        let zero = PhiloxGenerator.block(counter: SIMD4(0, 0, 0, 0), key: 0)
        #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let ones = PhiloxGenerator.block(counter: SIMD4(repeating: .max), key: .max)
        #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        let pi = PhiloxGenerator.block(
            counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
            key: 0x299f_31d0_a409_3822)
        #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func `numbers are a function of key, stream and position`() {
        let generator = PhiloxGenerator(key: 7)
        let numbers = (0..<1000).map { generator.uniform(at: $0) }
        #expect(numbers == (0..<1000).map { PhiloxGenerator(key: 7).uniform(at: $0) })
        #expect(Set(numbers).count == 1000)
        #expect(generator.uniform(at: 0) != PhiloxGenerator(key: 8).uniform(at: 0))
        #expect(generator.uniform(at: 0) != PhiloxGenerator(key: 7, stream: 1).uniform(at: 0))
    }

    /// Each of 64 bins of 64,000 numbers expects 1000; the statistic has mean 63, deviation 11.2.
    @Test func `numbers are even in the unit interval`() {
        let generator = PhiloxGenerator(key: 1)
        var bins = [Double](repeating: 0, count: 64)
        for position in 0..<64_000 { bins[Int(generator.uniform(at: position) * 64)] += 1 }
        let statistic = bins.reduce(0) { $0 + ($1 - 1000) * ($1 - 1000) / 1000 }
        #expect((20.0...120).contains(statistic))
    }
}
