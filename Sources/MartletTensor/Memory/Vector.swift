/// An immutable fp32 vector, such as a norm's weight or a bias, 64-byte aligned.
package struct Vector: Sendable {
    package let count: Int
    private let memory: TensorMemory

    package init(_ values: [Float]) {
        count = values.count
        memory = TensorMemory(byteCount: values.count * MemoryLayout<Float>.stride)
        values.withUnsafeBytes { memory.pointer.copyMemory(from: $0.baseAddress, $0.count) }
    }

    /// Valid while this vector lives.
    package var pointer: UnsafePointer<Float> {
        UnsafePointer(memory.pointer.assumingMemoryBound(to: Float.self))
    }

    package subscript(index: Int) -> Float {
        precondition(index >= 0 && index < count, "index out of range")
        return pointer[index]
    }
}

extension UnsafeMutableRawPointer {
    fileprivate func copyMemory(from source: UnsafeRawPointer?, _ byteCount: Int) {
        guard let source, byteCount > 0 else { return }
        copyMemory(from: source, byteCount: byteCount)
    }
}
