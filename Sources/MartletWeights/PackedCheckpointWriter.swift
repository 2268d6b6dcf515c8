import MartletJSON
package import MartletTensor

/// Writes a ``PackedCheckpoint`` as its matrices are packed, front to back.
///
/// Room for the header is left in front and filled at the end, since only then all sizes are known;
/// what remains of it is blank, as the format allows. The file is nobody's until `finish()`: its
/// directory gets its name afterwards. Confined to the thread that packs.
package final class PackedCheckpointWriter {
    private struct Tensor {
        let name: String
        let dtype: String
        let elementCount: Int
        let byteCount: Int
    }

    /// The first tensor begins at a page, so that the others begin where vectors may be loaded.
    private static let pageByteCount = 4096

    private let file: OutputFile
    private let dataStart: Int
    private var metadata: [(name: String, value: String)]
    private var tensors: [Tensor] = []
    private var names: Set<String> = []
    private var vectors: [Float] = []
    private var vectorTensors: [Tensor] = []

    /// - Parameters:
    ///   - sourceNames: All names that the names of tensors here are made from.
    ///   - dtype: The type of what is not quantized.
    ///   - quantization: How the others are quantized, for those who read the file.
    package init(
        path: String, sourceNames: [String], dtype: DType, quantization: String
    ) throws(WeightsError) {
        file = try OutputFile(path: path)
        // A name stands there twice, with less than this around it.
        let headerByteCount = sourceNames.reduce(1024) { $0 + 2 * $1.utf8.count + 256 }
        dataStart = (headerByteCount + Self.pageByteCount) / Self.pageByteCount * Self.pageByteCount
        metadata = [
            (PackedCheckpoint.MetadataKey.layout, String(PackedCheckpoint.layoutVersion)),
            (PackedCheckpoint.MetadataKey.dtype, dtype.rawValue),
            (PackedCheckpoint.MetadataKey.quantization, quantization),
        ]
        try file.write([UInt8](repeating: 0, count: dataStart))
    }

    /// Appends a matrix. One that was appended before under the same name is not repeated.
    package func add(_ matrix: PackedMatrix, name: String) throws(WeightsError) {
        guard names.insert(name).inserted else { return }
        metadata.append((name, matrix.layout.name))
        let byteCount = matrix.byteCount
        tensors.append(
            Tensor(name: name, dtype: "U8", elementCount: byteCount, byteCount: byteCount))
        try matrix.withContents { bytes throws(WeightsError) in try file.write(bytes) }
    }

    /// Keeps a vector, which will follow the matrices.
    package func add(_ values: [Float], name: String) {
        guard names.insert(name).inserted else { return }
        vectors += values
        vectorTensors.append(
            Tensor(
                name: name, dtype: "F32", elementCount: values.count,
                byteCount: values.count * MemoryLayout<Float>.stride))
    }

    /// Completes the file and waits until it is on the disk.
    package func finish() throws(WeightsError) {
        try file.write(vectors)
        let header = header()
        guard header.count + 8 <= dataStart else {
            throw .unwritable(
                file: file.path, reason: "a header of \(header.count) bytes has no room")
        }
        let blanks = [UInt8](repeating: UInt8(ascii: " "), count: dataStart - 8 - header.count)
        try file.rewind()
        try file.write([UInt64(dataStart - 8).littleEndian])
        try file.write(header + blanks)
        try file.synchronize()
    }

    private func header() -> [UInt8] {
        var json = JSONWriter(capacity: dataStart)
        json.raw(#"{"__metadata__":{"#)
        for (index, member) in metadata.enumerated() {
            if index > 0 { json.raw(",") }
            json.string(member.name)
            json.raw(":")
            json.string(member.value)
        }
        json.raw("}")
        var offset = 0
        for tensor in tensors + vectorTensors {
            json.raw(",")
            json.string(tensor.name)
            json.raw(#":{"dtype":"#)
            json.string(tensor.dtype)
            json.raw(#","shape":[\#(tensor.elementCount)],"#)
            json.raw(#""data_offsets":[\#(offset),\#(offset + tensor.byteCount)]}"#)
            offset += tensor.byteCount
        }
        json.raw("}")
        return json.bytes
    }
}
