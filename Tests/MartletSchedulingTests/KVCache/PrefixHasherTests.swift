import MartletScheduling
import Testing

struct PrefixHasherTests {
    private let hasher = PrefixHasher(key0: 1, key1: 2)
    private let root = PrefixKey(low: 3, high: 4)

    @Test(arguments: 1...5)
    func `a key depends on every token, on the parent and on the seed`(length: Int) {
        let tokens = (0..<length).map { Int32($0) }
        func key(_ tokens: [Int32], _ parent: PrefixKey) -> PrefixKey {
            hasher.key(of: tokens, in: 0..<length, following: parent)
        }
        let original = key(tokens, root)
        #expect(key(tokens, root) == original)
        #expect(key(tokens, PrefixKey(low: 3, high: 5)) != original)
        #expect(key(tokens, PrefixKey(low: 2, high: 4)) != original)
        for index in tokens.indices {
            var changed = tokens
            changed[index] = -7
            #expect(key(changed, root) != original)
        }
        let other = PrefixHasher(key0: 1, key1: 3)
        #expect(other.key(of: tokens, in: 0..<length, following: root) != original)
    }

    @Test func `a key covers its range only`() {
        let key = hasher.key(of: [9, 1, 2, 3, 9], in: 1..<4, following: root)
        #expect(key == hasher.key(of: [1, 2, 3], in: 0..<3, following: root))
    }

    @Test func `no two scopes share a key`() {
        let salts: [String?] = [
            nil, "", "a", "b", "a\0", "12345678", "123456789", "12345678\0", "1234567812345678",
        ]
        let keys = salts.map { hasher.key(of: PrefixScope(cacheSalt: $0)) }
        #expect(Set(keys.map { [$0.low, $0.high] }).count == salts.count)
    }

    @Test func `fewer significant bits leave the others zero`() {
        let narrow = PrefixHasher(key0: 1, key1: 2, significantBitCount: 3)
        let keys = (0..<100).map {
            narrow.key(of: [Int32($0)], in: 0..<1, following: root)
        }
        #expect(keys.allSatisfy { $0.high == 0 && $0.low < 8 })
        #expect(Set(keys).count == 8)
    }

    @Test func `random seeds differ`() {
        let keys = (0..<2).map { _ in
            PrefixHasher.randomlySeeded().key(of: [1], in: 0..<1, following: root)
        }
        #expect(keys[0] != keys[1])
    }
}
