extension PagedKVCache {
    /// The version of the tiles' layout; it changes with every change of what a block's image means.
    private static let layoutVersion = 1

    /// Bytes of one block's image: its keys and values of all layers.
    package var blockByteCount: Int { layerCount * blockStride }

    /// Everything that decides what a block's image means. Images may be exchanged between caches
    /// of equal descriptions, whatever processor filled them.
    package var layoutDescription: String {
        "layout \(Self.layoutVersion), \(dtype), \(layerCount) layers, \(kvHeadCount) heads of "
            + "\(headDim), \(blockSize) tokens"
    }

    /// Copies the keys and values of one block over another's.
    package func copyBlock(from source: Int32, to target: Int32) {
        copyBlock(from: source, to: target, layers: 0..<layerCount)
    }

    /// The same for some of the layers, so that threads can share the work.
    package func copyBlock(from source: Int32, to target: Int32, layers: Range<Int>) {
        precondition(
            layers.lowerBound >= 0 && layers.upperBound <= layerCount, "layer out of range")
        for layer in layers where source != target {
            address(layer: layer, block: target).copyMemory(
                from: address(layer: layer, block: source), byteCount: blockStride)
        }
    }

    /// Copies one block's image, layer after layer, to `buffer` of `blockByteCount` bytes.
    package func read(block: Int32, into buffer: UnsafeMutableRawBufferPointer) {
        precondition(buffer.count == blockByteCount, "buffer of another size than a block")
        guard let base = buffer.baseAddress else { return }
        for layer in 0..<layerCount {
            (base + layer * blockStride).copyMemory(
                from: address(layer: layer, block: block), byteCount: blockStride)
        }
    }

    /// Replaces one block by an image that `read(block:into:)` took from a cache of the same
    /// layout.
    package func write(block: Int32, from buffer: UnsafeRawBufferPointer) {
        precondition(buffer.count == blockByteCount, "buffer of another size than a block")
        guard let base = buffer.baseAddress else { return }
        for layer in 0..<layerCount {
            address(layer: layer, block: block).copyMemory(
                from: base + layer * blockStride, byteCount: blockStride)
        }
    }

    private func address(layer: Int, block: Int32) -> UnsafeMutableRawPointer {
        precondition(block >= 0 && block < blockCount, "block out of range")
        return memory.pointer + (layer * blockCount + Int(block)) * blockStride
    }
}
