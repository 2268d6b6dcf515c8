/// The bytes of a packed weight, and what keeps them there.
///
/// `@unchecked Sendable`: the address never changes; the bytes are written only while the weight
/// is packed, by the thread that does so and its pool, and memory of others is only read.
struct PackedStorage: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    /// False for memory of somebody else.
    let isWritable: Bool
    private let owner: any AnyObject & Sendable

    /// Zeroed memory; its pages are taken as they are written.
    init(byteCount: Int) {
        let memory = TensorMemory(byteCount: byteCount)
        pointer = memory.pointer
        isWritable = true
        owner = memory
    }

    /// Memory that `owner` keeps in place.
    init(reading pointer: UnsafeRawPointer, owner: any AnyObject & Sendable) {
        self.pointer = UnsafeMutableRawPointer(mutating: pointer)
        isWritable = false
        self.owner = owner
    }
}
