package import MartletTensor

/// A tensor in a mapped checkpoint file: row-major, without alignment.
package struct StoredTensor: Sendable {
    package let name: String
    package let dtype: StoredDType
    package let shape: [Int]
    private let file: MappedFile
    private let range: Range<Int>

    init(_ entry: SafetensorsHeader.Entry, in file: MappedFile) {
        name = entry.name
        dtype = entry.dtype
        shape = entry.shape
        range = entry.range
        self.file = file
    }

    /// The path of the file that holds the tensor.
    package var path: String { file.path }

    package var byteCount: Int { range.count }

    /// The tensor's bytes in the mapping; valid within `body` only.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withExtendedLifetime(file) {
            body(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
        }
    }

    /// The tensor's bytes as a matrix that is packed as `layout` says; it keeps the file mapped.
    func packedMatrix(_ layout: PackedLayout) throws(TensorError) -> PackedMatrix {
        try PackedMatrix(
            layout: layout, contents: UnsafeRawBufferPointer(rebasing: file.bytes[range]),
            owner: file)
    }

    /// The element type as the kernels know it.
    ///
    /// - Throws: ``WeightsError/unsupportedDType(file:tensor:dtype:)`` for all but F32, F16, BF16.
    package func weightDType() throws(WeightsError) -> DType {
        switch dtype {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .other(let dtypeName, _):
            throw .unsupportedDType(file: path, tensor: name, dtype: dtypeName)
        }
    }

    /// Gives the tensor's pages back once they are copied elsewhere.
    package func discard() { file.discard(range) }
}
