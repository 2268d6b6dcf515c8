import MartletJSON

/// The table of contents of a safetensors file, checked against the file before it is believed.
///
/// Layout: the header's length as a 64-bit little-endian integer, the header as a JSON object
/// `{"name": {"dtype", "shape", "data_offsets"}, ..., "__metadata__": {...}}`, then the tensors'
/// bytes. As in the reference implementation the tensors must tile the rest of the file without
/// gap or overlap, so no byte can hide and none can be claimed twice.
///
/// - Source: https://github.com/huggingface/safetensors, format section and `tensor.rs`.
struct SafetensorsHeader {
    /// One tensor; `range` counts from the start of the file.
    struct Entry {
        let name: String
        let dtype: StoredDType
        let shape: [Int]
        var range: Range<Int>
    }

    /// The reference implementation's bound on the header's length, in bytes.
    static let maximumByteCount = 100_000_000
    /// More dimensions than any framework can store.
    static let maximumDimensionCount = 64

    /// Sorted by position in the file.
    let entries: [Entry]
    /// The strings under `__metadata__`, about which the format says nothing.
    let metadata: [String: String]

    init(parsing bytes: UnsafeRawBufferPointer, file: String) throws(WeightsError) {
        func failure(_ reason: String) -> WeightsError {
            .malformedHeader(file: file, reason: reason)
        }
        guard bytes.count >= 8 else { throw failure("the file has \(bytes.count) bytes") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.maximumByteCount) else {
            throw failure("claims \(length) bytes, more than \(Self.maximumByteCount)")
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw failure("claims \(length) bytes in a file of \(bytes.count)")
        }
        let members = try Self.members(
            UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart]), file: file)
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        for (name, value) in Array(members) {
            if name == "__metadata__" {
                for (name, value) in value.members ?? [] { metadata[name] = value.string }
            } else {
                entries.append(try Self.entry(name, value, dataStart: dataStart, file: file))
            }
        }
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        try Self.checkTiling(entries, of: dataStart..<bytes.count, file: file)
        self.entries = entries
        self.metadata = metadata
    }

    private static func members(
        _ bytes: UnsafeRawBufferPointer, file: String
    ) throws(WeightsError) -> JSONObject {
        do throws(JSONError) {
            let value = try JSONValue(
                parsing: bytes.assumingMemoryBound(to: UInt8.self), maximumDepth: 8)
            if let members = value.object { return members }
        } catch {
            throw .malformedHeader(file: file, reason: error.description)
        }
        throw .malformedHeader(file: file, reason: "not a JSON object")
    }

    private static func entry(
        _ name: String, _ value: JSONValue, dataStart: Int, file: String
    ) throws(WeightsError) -> Entry {
        func failure(_ reason: String) -> WeightsError {
            .malformedTensor(file: file, tensor: name, reason: reason)
        }
        guard let dtypeName = value["dtype"]?.string else { throw failure("has no dtype") }
        guard let shape = value["shape"].flatMap(naturals),
            shape.count <= maximumDimensionCount
        else { throw failure("its shape is not a list of natural numbers") }
        guard let offsets = value["data_offsets"].flatMap(naturals), offsets.count == 2,
            offsets[0] <= offsets[1], offsets[1] <= Int.max - dataStart
        else { throw failure("its data_offsets are not two ascending natural numbers") }
        let dtype = StoredDType(name: dtypeName)
        let byteCount = offsets[1] - offsets[0]
        if let bitCount = dtype.bitCount {
            guard let expected = self.byteCount(shape, bitCount: bitCount) else {
                throw failure("shape \(shape) of \(dtypeName) has no size")
            }
            guard byteCount == expected else {
                throw failure(
                    "data_offsets span \(byteCount) bytes, "
                        + "\(shape) of \(dtypeName) takes \(expected)"
                )
            }
        }
        return Entry(
            name: name, dtype: dtype, shape: shape,
            range: dataStart + offsets[0]..<dataStart + offsets[1])
    }

    /// The elements of a list of integers that are not negative; nil for anything else.
    private static func naturals(_ value: JSONValue) -> [Int]? {
        guard let elements = value.array else { return nil }
        var result: [Int] = []
        for element in elements {
            guard case .integer(let number) = element, number >= 0 else { return nil }
            result.append(number)
        }
        return result
    }

    /// The size of a tensor in bytes; nil where it overflows or ends within a byte.
    private static func byteCount(_ shape: [Int], bitCount: Int) -> Int? {
        var bits = bitCount
        for dimension in shape {
            let (product, overflow) = bits.multipliedReportingOverflow(by: dimension)
            guard !overflow else { return nil }
            bits = product
        }
        return bits % 8 == 0 ? bits / 8 : nil
    }

    private static func checkTiling(
        _ entries: [Entry], of data: Range<Int>, file: String
    ) throws(WeightsError) {
        var end = data.lowerBound
        for entry in entries {
            func failure(_ reason: String) -> WeightsError {
                .malformedTensor(file: file, tensor: entry.name, reason: reason)
            }
            guard entry.range.upperBound <= data.upperBound else {
                let missing = entry.range.upperBound - data.upperBound
                throw failure("ends \(missing) bytes after the end of the file")
            }
            guard entry.range.lowerBound >= end else {
                throw failure("overlaps the tensor before it")
            }
            guard entry.range.lowerBound == end else {
                throw failure("leaves a gap of \(entry.range.lowerBound - end) bytes before it")
            }
            end = entry.range.upperBound
        }
        guard end == data.upperBound else {
            throw .malformedHeader(
                file: file, reason: "\(data.upperBound - end) bytes after the last tensor")
        }
    }
}
