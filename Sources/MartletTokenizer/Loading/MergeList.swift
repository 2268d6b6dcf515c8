/// The merges of a model as they stand in the file, before the vocabulary is known.
struct MergeList {
    private var arena: [UInt8] = []
    /// For each merge where its first piece begins, where the second begins, in `arena`.
    private var starts: [UInt32] = []

    var count: Int { starts.count / 2 }

    /// Adds one half of a merge: first the left piece, then the right.
    mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
        starts.append(UInt32(arena.count))
        arena.append(contentsOf: piece)
    }

    /// Adds a merge written as two pieces with a space between. Returns false for anything else.
    mutating func append(line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let space = line.firstIndex(of: 0x20),
            !line[(space + 1)...].contains(0x20)
        else { return false }
        append(UnsafeBufferPointer(rebasing: line[..<space]))
        append(UnsafeBufferPointer(rebasing: line[(space + 1)...]))
        return true
    }

    /// Looks the pieces up and ranks the merges by their order.
    ///
    /// - Parameter prefixLength: bytes of the right piece that its merged form does without.
    /// - Returns: nil, with the index of the merge in `failure`, if a piece is not in the
    ///   vocabulary.
    func table(
        vocabulary: Vocabulary, prefixLength: Int, failure: inout Int
    ) -> MergeTable? {
        var table = MergeTable(capacity: count)
        let isComplete = arena.withUnsafeBufferPointer { arena in
            var merged: [UInt8] = []
            for index in 0..<count {
                let start = Int(starts[2 * index])
                let middle = Int(starts[2 * index + 1])
                let end = index + 1 < count ? Int(starts[2 * index + 2]) : arena.count
                let left = UnsafeBufferPointer(rebasing: arena[start..<middle])
                let right = UnsafeBufferPointer(rebasing: arena[middle..<end])
                // The halves lie side by side, so without a prefix the merged piece is there too.
                let whole = UnsafeBufferPointer(rebasing: arena[start..<end])
                if prefixLength > 0 { merged = Array(left) + right.dropFirst(prefixLength) }
                let id = prefixLength > 0 ? vocabulary.id(of: merged) : vocabulary.id(of: whole)
                guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
                    let id
                else {
                    failure = index
                    return false
                }
                table.set(leftID, rightID, MergeTable.Merge(rank: Int32(index), id: id))
            }
            return true
        }
        return isComplete ? table : nil
    }
}
