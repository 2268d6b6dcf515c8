/// One byte string per token id, in one buffer.
struct TokenTable: Sendable {
    private var bytes: [UInt8] = []
    private var offsets: [UInt32] = [0]

    /// Makes the table of the ids below `count`; nil stands for an empty string.
    init(count: Int, _ content: (Int32) -> [UInt8]?) {
        offsets.reserveCapacity(count + 1)
        for id in 0..<count {
            if let content = content(Int32(id)) { bytes.append(contentsOf: content) }
            offsets.append(UInt32(bytes.count))
        }
    }

    /// Appends the bytes of an id; none for an id outside the table.
    @inline(__always)
    func append(_ id: Int32, to target: inout [UInt8]) {
        guard id >= 0, Int(id) < offsets.count - 1 else { return }
        bytes.withUnsafeBufferPointer {
            let range = Int(offsets[Int(id)])..<Int(offsets[Int(id) + 1])
            target.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
        }
    }

    /// The bytes of an id; empty for an id outside the table.
    subscript(id: Int32) -> ArraySlice<UInt8> {
        guard id >= 0, Int(id) < offsets.count - 1 else { return [] }
        return bytes[Int(offsets[Int(id)])..<Int(offsets[Int(id) + 1])]
    }
}
