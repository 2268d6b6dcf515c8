import MartletTensor
import MartletTestSupport
import Testing

/// int8 keys and values: what is stored of a number, and what is made of numbers that do not fit.
@Suite struct Int8CacheTests {
    /// One head's keys or values of one token, as the layout puts them into a block's image.
    private struct StoredHead {
        let numbers: [Int8]
        let scale: Float

        /// Reads a cache of one layer by the layout that `PagedKVCache` documents.
        init(_ cache: PagedKVCache, slot: Int, head: Int, isValue: Bool) {
            var image = [UInt8](repeating: 0, count: cache.blockByteCount)
            let (block, offset) = slot.quotientAndRemainder(dividingBy: cache.blockSize)
            image.withUnsafeMutableBytes { cache.read(block: Int32(block), into: $0) }
            let size = cache.blockSize
            let start = head * (cache.blockByteCount / cache.kvHeadCount)
            let tile = start + offset / 16 * 16 * cache.headDim
            let scales = start + 2 * size * cache.headDim
            let at: (Int) -> Int
            if isValue {
                at = { tile + (size + offset % 16) * cache.headDim + $0 }
            } else {
                at = { tile + $0 * 16 + offset % 16 }
            }
            numbers = (0..<cache.headDim).map { Int8(bitPattern: image[at($0)]) }
            let address = scales + 4 * (isValue ? size + offset : offset)
            scale = image.withUnsafeBytes { $0.load(fromByteOffset: address, as: Float.self) }
        }

        var values: [Double] { numbers.map { Double($0) * Double(scale) } }
    }

    private func makeCache(headDim: Int, kvHeads: Int = 2) throws -> PagedKVCache {
        try PagedKVCache(
            layerCount: 1, blockCount: 4, blockSize: 48, kvHeadCount: kvHeads, headDim: headDim,
            dtype: .int8)
    }

    private func write(_ key: [Float], _ value: [Float], slot: Int, to cache: PagedKVCache) {
        Operators.testing(.portable, threads: 1).writeKV(
            key: Tensor(key, rows: 1, columns: key.count),
            value: Tensor(value, rows: 1, columns: value.count), layer: 0, cache: cache,
            slotMapping: [Int32(slot)])
    }

    @Test(arguments: [2, 6, 18, 64, 128, 256])
    func `numbers come back within half a step of their head's scale`(headDim: Int) throws {
        let cache = try makeCache(headDim: headDim)
        var generator = SeededGenerator(seed: 21)
        var written: [Int: [[Float]]] = [:]
        for slot in [0, 15, 16, 47, 48, 100, 191] {
            // Magnitudes from 1e-9 to 1e9, different for keys and values.
            let rows = [9 - Float(slot) / 10, Float(slot) / 10 - 9].map { exponent in
                generator.floats(2 * headDim, scale: power(of: exponent))
            }
            write(rows[0], rows[1], slot: slot, to: cache)
            written[slot] = rows
        }
        for (slot, rows) in written {
            for (index, head) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let row = rows[index][head * headDim..<(head + 1) * headDim]
                let stored = StoredHead(cache, slot: slot, head: head, isValue: index == 1)
                let (numbers, scale) = Rounding.quantized(row)
                #expect(stored.numbers == numbers && stored.scale == scale, "slot \(slot)")
                let bound = Double(scale) * (0.5 + 127 * 3 * Rounding.unit)
                for (number, value) in zip(row, stored.values) {
                    #expect(abs(Double(number) - value) <= bound, "slot \(slot)")
                }
            }
        }
    }

    /// 10 to the power `exponent`.
    private func power(of exponent: Float) -> Float {
        var result: Float = 1
        for _ in 0..<Int(exponent.magnitude) { result *= exponent < 0 ? 0.1 : 10 }
        return result
    }

    @Test func `zeros and the smallest numbers are zeros, the largest stay finite`() throws {
        let cache = try makeCache(headDim: 4, kvHeads: 1)
        let tiny = Float.leastNonzeroMagnitude
        let huge = Float.greatestFiniteMagnitude
        write([0, -0, 0, 0], [tiny, -tiny, 0, 1e-38], slot: 3, to: cache)
        write([huge, -huge, huge / 2, 0], [1, -127, 126.4, 0.5], slot: 4, to: cache)
        for isValue in [false, true] {
            let stored = StoredHead(cache, slot: 3, head: 0, isValue: isValue)
            #expect(stored.numbers == [0, 0, 0, 0] && stored.scale == 0)
        }
        let largest = StoredHead(cache, slot: 4, head: 0, isValue: false)
        #expect(largest.numbers == [127, -127, 64, 0] && largest.scale == huge / 127)
        let plain = StoredHead(cache, slot: 4, head: 0, isValue: true)
        #expect(plain.numbers == [1, -127, 126, 0] && plain.scale == 1)
    }

    @Test(arguments: InstructionSet.supported, [Float.nan, -.infinity])
    func `a number that is none spoils its head from its token on`(
        instructionSet: InstructionSet, spoiled: Float
    ) throws {
        let operators = Operators.testing(instructionSet)
        let shape = AttentionCase.Shape(length: 70, headDim: 32, dtype: .int8)
        let example = AttentionCase(shape, seed: 22)
        let clean = example.step(0..<70, operators, try example.makeCache(operators))
        for spoilsValues in [false, true] {
            let cache = try example.makeCache(operators)
            let key = example.slice(example.keys, 0..<70, 64)
            let value = example.slice(example.values, 0..<70, 64)
            // Token 20, second KV head: query heads 2 and 3.
            (spoilsValues ? value : key).row(20)[32 + 7] = spoiled
            let batch = example.batch(0..<70)
            operators.writeKV(
                key: key, value: value, layer: 1, cache: cache, slotMapping: batch.slotMapping)
            let y = Tensor(rows: 70, columns: 128)
            operators.attention(
                example.slice(example.queries, 0..<70, 128), layer: 1, cache: cache, batch: batch,
                headCount: 4, scale: example.scale, slidingWindow: nil, into: y)
            for row in 0..<70 {
                let kept = row < 20 ? 128 : 64
                #expect(y.bits(row: row)[..<kept] == clean.bits(row: row)[..<kept], "\(row)")
                let lost = y.row(row)[kept...].filter(\.isNaN).count
                #expect(lost == 128 - kept, "\(row)")
            }
        }
    }

    @Test func `a block's scales are counted`() throws {
        let cache = try makeCache(headDim: 32)
        #expect(cache.blockByteCount == 48 * 2 * 2 * (32 + 4))
        #expect(cache.byteCount == 4 * cache.blockByteCount)
        #expect(
            PagedKVCache.bytesPerBlock(
                layerCount: 3, blockSize: 16, kvHeadCount: 5, headDim: 128, dtype: .int8)
                == 3 * 16 * 5 * 2 * (128 + 4))
    }
}
