import MartletEngine
import MartletScheduling
import MartletTestSupport
import Testing

@Suite struct BlockChecksumTests {
    private func checksum(_ pieces: [UInt8]...) -> PrefixKey {
        var checksum = BlockChecksum()
        for piece in pieces { piece.withUnsafeBytes { checksum.combine($0) } }
        return checksum.finalize()
    }

    @Test func `every changed bit, added zero and cut byte changes the checksum`() {
        var generator = SeededGenerator(seed: 7)
        let bytes = (0..<200).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        var seen: Set<PrefixKey> = [checksum(bytes)]
        for position in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[position] ^= 1 << UInt8(bit)
                seen.insert(checksum(changed))
            }
        }
        for count in 0..<200 { seen.insert(checksum(Array(bytes[..<count]))) }
        for count in 1...200 { seen.insert(checksum(bytes + Array(repeating: 0, count: count))) }
        #expect(seen.count == 1 + 200 * 8 + 200 + 200)
    }

    @Test func `swapped stripes and swapped words change the checksum`() {
        let bytes = (0..<192).map(UInt8.init)
        let stripes = (0..<3).map { Array(bytes[$0 * 64..<$0 * 64 + 64]) }
        #expect(checksum(bytes) != checksum(stripes[1] + stripes[0] + stripes[2]))
        var words = bytes
        words.replaceSubrange(0..<8, with: bytes[8..<16])
        words.replaceSubrange(8..<16, with: bytes[0..<8])
        #expect(checksum(bytes) != checksum(words))
    }

    @Test func `the value is the one that files carry`() {
        // Files outlive the program, so the value may change only with the files' version.
        // The number is from the definition written down a second time in another language.
        let expected = PrefixKey(low: 0xe8fb_8723_8648_0ab4, high: 0xf652_e050_3049_4dc9)
        #expect(checksum((0..<100).map(UInt8.init)) == expected)
    }
}
