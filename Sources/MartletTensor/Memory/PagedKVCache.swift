import CMartletKernels

/// The paged keys and values of all layers, in the tiles that the attention kernels read.
///
/// Per layer, block and KV head: blockSize/16 K tiles, then as many V tiles. bf16: K tile
/// [headDim/2][16 tokens][2], V tile [8][headDim][2 tokens]; fp32: K tile [headDim][16 tokens],
/// V tile [16 tokens][headDim]; int8: as fp32, and after the V tiles the fp32 scale of each token's
/// key and of its value.
///
/// `@unchecked Sendable`: `TensorMemory` says what protects the contents; the rest is constant.
package final class PagedKVCache: @unchecked Sendable {
    package let layerCount: Int
    package let blockCount: Int
    package let blockSize: Int
    package let kvHeadCount: Int
    package let headDim: Int
    package let dtype: DType
    let memory: TensorMemory

    /// Reserves address space for all blocks; pages are taken when first written.
    ///
    /// - Parameters:
    ///   - blockSize: Tokens per block, a multiple of 16.
    ///   - headDim: Even, at most 256.
    ///   - dtype: `float32`, `bfloat16` or `int8`.
    /// - Throws: `TensorError` when a dimension is out of range or the memory cannot be reserved.
    package init(
        layerCount: Int, blockCount: Int, blockSize: Int, kvHeadCount: Int, headDim: Int,
        dtype: DType
    ) throws(TensorError) {
        let dimensions = [layerCount, blockCount, blockSize, kvHeadCount, headDim]
        guard dimensions.allSatisfy({ $0 > 0 }) else {
            throw .invalidShape("KV cache dimensions \(dimensions) must be positive")
        }
        guard blockSize % Int(MARTLET_TILE_TOKENS) == 0 else {
            throw .invalidShape("KV block size \(blockSize) is not a multiple of 16")
        }
        guard headDim % 2 == 0, headDim <= Self.headDimMax else {
            throw .invalidShape("head dimension \(headDim) is not even and at most 256")
        }
        guard dtype != .float16 else { throw .invalidShape("KV cache of float16") }
        var byteCount = Self.bytesPerHead(headDim: headDim, dtype: dtype)
        for dimension in [layerCount, blockCount, blockSize, kvHeadCount] {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: dimension)
            guard !overflow else {
                throw .invalidShape("KV cache of \(dimensions) is too large")
            }
            byteCount = product
        }
        memory = try TensorMemory(reserving: byteCount)
        self.layerCount = layerCount
        self.blockCount = blockCount
        self.blockSize = blockSize
        self.kvHeadCount = kvHeadCount
        self.headDim = headDim
        self.dtype = dtype
    }

    /// The widest head the attention kernels take.
    package static let headDimMax = Int(MARTLET_HEAD_DIM_MAX)

    /// Bytes that one block takes over all layers.
    package static func bytesPerBlock(
        layerCount: Int, blockSize: Int, kvHeadCount: Int, headDim: Int, dtype: DType
    ) -> Int {
        layerCount * blockSize * kvHeadCount * bytesPerHead(headDim: headDim, dtype: dtype)
    }

    /// Bytes of one token's key and value in one head.
    private static func bytesPerHead(headDim: Int, dtype: DType) -> Int {
        let scaleByteCount = dtype == .int8 ? MemoryLayout<Float>.size : 0
        return 2 * (headDim * dtype.byteCount + scaleByteCount)
    }

    /// Bytes of address space reserved.
    package var byteCount: Int { memory.byteCount }

    /// What the kernels need to know of one layer.
    func layer(_ index: Int) -> martlet_kv_layer {
        precondition(index >= 0 && index < layerCount, "layer out of range")
        let base = memory.pointer + index * blockCount * blockStride
        return martlet_kv_layer(
            base: base.assumingMemoryBound(to: UInt8.self), block_stride: blockStride,
            head_stride: headStride, block_size: blockSize, head_dim: headDim)
    }

    /// Bytes of one KV head of one block of one layer.
    private var headStride: Int {
        blockSize * Self.bytesPerHead(headDim: headDim, dtype: dtype)
    }

    /// Bytes of one block of one layer.
    var blockStride: Int { headStride * kvHeadCount }
}
