extension PrefixCache {
    /// Checks that keys and blocks point at each other and that every parent is older.
    package func checkInvariants() throws(InvariantViolation) {
        for (key, block) in blocks {
            try InvariantViolation.check(
                contains(block) && keys[Int(block)] == key,
                "block \(block) is found by a key that it does not have")
            try InvariantViolation.check(
                parents[Int(block)].rawValue < contents[Int(block)].rawValue,
                "block \(block) is older than its parent")
        }
        let cachedCount = contents.count { $0 != .none }
        try InvariantViolation.check(
            cachedCount == blocks.count,
            "\(cachedCount) blocks are cached, \(blocks.count) can be found")
        try InvariantViolation.check(
            unsaved.count <= 2 * contents.count, "\(unsaved.count) blocks wait to be saved")
        try checkChildren()
        let cachedFirsts = scopes.keys.count { contains($0) && parents[Int($0)] == .none }
        try InvariantViolation.check(
            cachedFirsts == scopes.count, "a scope outlived its block")
    }

    /// Every cached block is in the list of its parent and first token, once.
    private func checkChildren() throws(InvariantViolation) {
        var seen = Set<Int32>()
        var lists = Set<ChildIndex.Key>()
        for block in blocks.values {
            lists.insert(
                .init(parent: parents[Int(block)], firstToken: tokens[Int(block) * blockSize]))
        }
        for list in lists {
            var next = children.first(under: list)
            while let block = next {
                try InvariantViolation.check(
                    contains(block) && parents[Int(block)] == list.parent
                        && tokens[Int(block) * blockSize] == list.firstToken
                        && seen.insert(block).inserted,
                    "block \(block) is in a wrong list of children")
                next = children.block(after: block)
            }
        }
        try InvariantViolation.check(
            seen.count == count && children.listCount == lists.count,
            "\(seen.count) of \(count) cached blocks are found as children")
    }
}
