import MartletScheduling
import Testing

struct SipHash128Tests {
    /// Computed by OpenSSL's SIPHASH (`openssl mac -macopt size:16`) under the key 00 01 ... 0f
    /// over the message 00 01 02 ..., of as many bytes as named.
    @Test(arguments: [
        (0, "a3817f04ba25a8e66df67214c7550293"),
        (8, "3b62a9ba6258f5610f83e264f31497b4"),
        (16, "6ee2a4ca67b054bbfd3315bf85230577"),
        (24, "2db479ae78bd50d8882a8a178a6132ad"),
        (56, "1938f2cf72d54ee97e94166fa91d2a36"),
        (64, "1eaf077dc0d4cd3f8cad4d383658a74b"),
    ])
    func `agrees with the reference implementation`(byteCount: Int, digest: String) {
        var hash = SipHash128(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
        for start in stride(from: 0, to: byteCount, by: 8) {
            hash.combine((0..<8).reduce(0) { $0 | UInt64(start + $1) << UInt64(8 * $1) })
        }
        let key = hash.finalize()
        let bytes = [key.low, key.high].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
        let hexadecimal = bytes.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }
        #expect(hexadecimal.joined() == digest)
    }
}
