/// Finds the longest of a set of byte strings that begins at a position.
struct TokenTrie: Sendable {
    private struct Node {
        var byte: UInt8
        var value: Int32 = -1
        var firstChild: Int32 = -1
        var nextSibling: Int32 = -1
    }

    private var nodes: [Node] = []
    private var roots = [Int32](repeating: -1, count: 256)

    var isEmpty: Bool { nodes.isEmpty }

    /// Adds a string. A string that is there already keeps its value.
    mutating func insert(_ bytes: [UInt8], value: Int32) {
        guard let first = bytes.first else { return }
        if roots[Int(first)] < 0 { roots[Int(first)] = appendNode(first) }
        var node = Int(roots[Int(first)])
        for byte in bytes.dropFirst() {
            if let child = child(of: node, byte) {
                node = child
            } else {
                let child = appendNode(byte)
                nodes[Int(child)].nextSibling = nodes[node].firstChild
                nodes[node].firstChild = child
                node = Int(child)
            }
        }
        if nodes[node].value < 0 { nodes[node].value = value }
    }

    private mutating func appendNode(_ byte: UInt8) -> Int32 {
        nodes.append(Node(byte: byte))
        return Int32(nodes.count - 1)
    }

    private func child(of node: Int, _ byte: UInt8) -> Int? {
        var child = Int(nodes[node].firstChild)
        while child >= 0 {
            if nodes[child].byte == byte { return child }
            child = Int(nodes[child].nextSibling)
        }
        return nil
    }

    /// The leftmost match at or after `start`, of those that begin there the longest.
    func firstMatch(
        in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (range: Range<Int>, value: Int32)? {
        roots.withUnsafeBufferPointer { roots in
            var position = start
            while position < text.count {
                let root = Int(roots[Int(text[position])])
                if root >= 0, let match = longestMatch(in: text, at: position, root) {
                    return match
                }
                position += 1
            }
            return nil
        }
    }

    private func longestMatch(
        in text: UnsafeBufferPointer<UInt8>, at start: Int, _ root: Int
    ) -> (range: Range<Int>, value: Int32)? {
        var best: (range: Range<Int>, value: Int32)?
        var node = root
        var end = start + 1
        while true {
            if nodes[node].value >= 0 { best = (start..<end, nodes[node].value) }
            guard end < text.count, let child = child(of: node, text[end]) else { return best }
            node = child
            end += 1
        }
    }
}
