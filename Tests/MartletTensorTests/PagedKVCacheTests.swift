import MartletTensor
import MartletTestSupport
import Testing

@Suite struct PagedKVCacheTests {
    private func makeCache(
        layerCount: Int = 3, blockCount: Int = 6, dtype: DType = .bfloat16
    ) throws -> PagedKVCache {
        try PagedKVCache(
            layerCount: layerCount, blockCount: blockCount, blockSize: 32, kvHeadCount: 2,
            headDim: 10, dtype: dtype)
    }

    private func fill(_ cache: PagedKVCache, seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<cache.blockCount).map { block in
            let image = (0..<cache.blockByteCount).map { _ in
                UInt8(truncatingIfNeeded: generator.next())
            }
            image.withUnsafeBytes { cache.write(block: Int32(block), from: $0) }
            return image
        }
    }

    private func images(_ cache: PagedKVCache) -> [[UInt8]] {
        (0..<cache.blockCount).map { block in
            var image = [UInt8](repeating: 0xee, count: cache.blockByteCount)
            image.withUnsafeMutableBytes { cache.read(block: Int32(block), into: $0) }
            return image
        }
    }

    @Test(arguments: [DType.bfloat16, .float32])
    func `blocks keep the images they were given`(dtype: DType) throws {
        let cache = try makeCache(dtype: dtype)
        #expect(cache.blockByteCount == 3 * 2 * 32 * 2 * 10 * dtype.byteCount)
        let written = fill(cache, seed: 1)
        #expect(images(cache) == written)
    }

    @Test func `a copied block has its source's image and leaves the others alone`() throws {
        let cache = try makeCache()
        var expected = fill(cache, seed: 2)
        for (source, target) in [(1, 4), (4, 0), (5, 5), (0, 1)] {
            cache.copyBlock(from: Int32(source), to: Int32(target))
            expected[target] = expected[source]
            #expect(images(cache) == expected, "\(source) to \(target)")
        }
    }

    @Test func `an image lies layer after layer`() throws {
        let cache = try makeCache()
        var expected = fill(cache, seed: 3)
        cache.copyBlock(from: 2, to: 3, layers: 1..<2)
        let layer = cache.blockByteCount / 3
        expected[3].replaceSubrange(layer..<2 * layer, with: expected[2][layer..<2 * layer])
        #expect(images(cache) == expected)
    }

    @Test func `layout descriptions differ where images do, and nowhere else`() throws {
        func layout(
            layers: Int = 3, blocks: Int = 6, size: Int = 32, heads: Int = 2, dim: Int = 10,
            dtype: DType = .bfloat16
        ) throws -> String {
            try PagedKVCache(
                layerCount: layers, blockCount: blocks, blockSize: size, kvHeadCount: heads,
                headDim: dim, dtype: dtype
            ).layoutDescription
        }
        let others = try [
            layout(layers: 2), layout(size: 16), layout(heads: 10, dim: 2), layout(heads: 4),
            layout(dim: 12), layout(dtype: .float32), layout(),
        ]
        #expect(Set(others).count == others.count, "\(others)")
        #expect(try layout(blocks: 9) == layout())
    }

    /// Tokens 3 to 70 of a cache with blocks of 32, written in steps of the given sizes.
    private func written(
        _ dtype: DType, headDim: Int, instructionSet: InstructionSet, steps: [Int]
    ) throws -> [[UInt8]] {
        let cache = try PagedKVCache(
            layerCount: 1, blockCount: 4, blockSize: 32, kvHeadCount: 2, headDim: headDim,
            dtype: dtype)
        let operators = Operators.testing(instructionSet)
        var generator = SeededGenerator(seed: 6)
        let width = 2 * headDim
        let keys = generator.floats(68 * width)
        let values = generator.floats(68 * width, scale: 1000)
        // Blocks 2, 0 and 3.
        let blocks = [2, 0, 3]
        let slots: [Int32] = (3..<71).map { position in
            Int32(blocks[position / 32] * 32 + position % 32)
        }
        var start = 0
        for count in steps {
            let part = start * width..<(start + count) * width
            operators.writeKV(
                key: .misaligned(Array(keys[part]), rows: count, columns: width),
                value: .misaligned(Array(values[part]), rows: count, columns: width), layer: 0,
                cache: cache, slotMapping: Array(slots[start..<start + count]))
            start += count
        }
        precondition(start == 68, "steps must cover all tokens")
        return images(cache)
    }

    @Test(arguments: [DType.bfloat16, .float32, .int8], [2, 6, 20, 80])
    func `all instruction sets write the same bytes, in whole tiles and one by one`(
        dtype: DType, headDim: Int
    ) throws {
        let expected = try written(
            dtype, headDim: headDim, instructionSet: .portable,
            steps: Array(repeating: 1, count: 68))
        for instructionSet in InstructionSet.supported {
            for steps in [[68], [14, 15, 2, 37]] {
                let images = try written(
                    dtype, headDim: headDim, instructionSet: instructionSet, steps: steps)
                #expect(images == expected, "\(instructionSet), steps \(steps)")
            }
        }
    }
}
