import MartletTensor

/// The cache's blocks as the scheduler and block stores see them: numbered, opaque, of one size.
///
/// Blocks that do not exist and buffers of another size are programmer errors and trap.
extension ModelRunner {
    /// From this many bytes on, waking the pool's threads pays for a copy.
    private static let parallelCopyByteCount = 1 << 18

    /// Bytes of one block's image, all layers together.
    package var blockByteCount: Int { cache.blockByteCount }

    /// Changes with everything that decides what a block's image means: element type, layers,
    /// heads, widths, block size and the layout of the tiles. It says nothing of the weights that
    /// the contents were computed with.
    package var cacheLayoutDescription: String { cache.layoutDescription }

    /// Copies whole blocks, one after the other: a later copy sees what an earlier one wrote.
    package func copyBlocks(_ copies: [(source: Int32, target: Int32)]) {
        let cache = cache
        guard copies.count * cache.blockByteCount >= Self.parallelCopyByteCount else {
            for copy in copies { cache.copyBlock(from: copy.source, to: copy.target) }
            return
        }
        // Each thread copies some layers of all blocks, so that the order holds in every layer.
        operators.pool.run(chunkCount: cache.layerCount) { layer, _ in
            for copy in copies {
                cache.copyBlock(from: copy.source, to: copy.target, layers: layer..<layer + 1)
            }
        }
    }

    /// Copies one block's image to `buffer` of ``blockByteCount`` bytes.
    package func readBlock(_ block: Int32, into buffer: UnsafeMutableRawBufferPointer) {
        cache.read(block: block, into: buffer)
    }

    /// Replaces one block by an image from a runner of the same ``cacheLayoutDescription``.
    package func writeBlock(_ block: Int32, from buffer: UnsafeRawBufferPointer) {
        cache.write(block: block, from: buffer)
    }
}
