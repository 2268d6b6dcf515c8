import CMartletKernels

/// A linear layer's weight [outputCount, inputCount], packed in panels of 64 outputs.
///
/// bf16: [panels][inputs/2][64][2], so that one load feeds `vdpbf16ps`; f16 and f32:
/// [panels][inputs][64]; int8: [panels][inputs/4][64][4] and int4: nibbles of eight inputs, both
/// for `vpdpbusd`, with their scales in the panel. Outputs are padded to 64, and inputs to what
/// the format takes at once, with zeros. All of it lies in one piece of memory, as `PackedLayout`
/// says.
package final class PackedMatrix: Sendable {
    package let layout: PackedLayout
    private let storage: PackedStorage

    /// A zeroed weight; its pages are taken as rows are packed.
    ///
    /// Sizes that no layout has are programmer errors and trap: those from files are checked by
    /// making a `PackedLayout` first.
    package convenience init(format: WeightFormat, outputCount: Int, inputCount: Int) {
        do {
            self.init(
                layout: try PackedLayout(
                    format: format, outputCount: outputCount, inputCount: inputCount))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// A zeroed weight of elements that are not quantized.
    package convenience init(outputCount: Int, inputCount: Int, dtype: DType) {
        self.init(format: .dense(dtype), outputCount: outputCount, inputCount: inputCount)
    }

    /// A zeroed weight; its pages are taken as rows are packed.
    package init(layout: PackedLayout) {
        self.layout = layout
        storage = PackedStorage(byteCount: layout.byteCount)
    }

    /// A weight that was packed before and is read where it lies, as in a mapped file.
    ///
    /// Every content is safe to compute with, if not meaningful.
    ///
    /// - Parameters:
    ///   - contents: Exactly `layout.byteCount` bytes, aligned to `PackedLayout.alignment`, that
    ///     nobody writes and that stay in place while `owner` lives.
    ///   - owner: Kept as long as the weight.
    /// - Throws: ``TensorError/invalidMemory(_:)`` for another size or alignment.
    package init(
        layout: PackedLayout, contents: UnsafeRawBufferPointer, owner: any AnyObject & Sendable
    ) throws(TensorError) {
        guard let base = contents.baseAddress, contents.count == layout.byteCount else {
            throw .invalidMemory("\(contents.count) bytes for a weight of \(layout.byteCount)")
        }
        guard UInt(bitPattern: base) % UInt(PackedLayout.alignment) == 0 else {
            throw .invalidMemory("a weight that is not aligned to \(PackedLayout.alignment) bytes")
        }
        self.layout = layout
        storage = PackedStorage(reading: base, owner: owner)
    }

    package var format: WeightFormat { layout.format }
    package var outputCount: Int { layout.outputCount }
    package var inputCount: Int { layout.inputCount }

    /// Bytes of memory held, scales included.
    package var byteCount: Int { layout.byteCount }

    /// Calls `body` with all bytes, which are what the initializer for existing memory takes.
    package func withContents<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: storage.pointer, count: byteCount))
    }

    /// Where a panel begins; to be written only while the weight is packed.
    func panel(_ index: Int) -> UnsafeMutableRawPointer {
        storage.pointer + index * layout.panelByteCount
    }

    /// Whether `pack` may be called.
    var isWritable: Bool { storage.isWritable }
}
