/// Memory that grows to the largest size asked for and is reused; contents do not survive growth.
struct ScratchBuffer {
    private var memory = TensorMemory(byteCount: 0)

    mutating func reserve(byteCount: Int) -> UnsafeMutableRawPointer {
        if memory.byteCount < byteCount {
            memory = TensorMemory(byteCount: byteCount + byteCount / 4)
        }
        return memory.pointer
    }
}
