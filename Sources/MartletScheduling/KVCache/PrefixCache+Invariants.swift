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
        var isSeen = Array(repeating: false, count: contents.count)
        var listCount = 0
        for start in blocks.values where children.isFirst(start) {
            let list = childKey(of: start)
            try InvariantViolation.check(
                children.first(under: list) == start, "block \(start) begins a list nobody finds")
            listCount += 1
            var next: Int32? = start
            while let block = next {
                try InvariantViolation.check(
                    contains(block) && childKey(of: block) == list && !isSeen[Int(block)],
                    "block \(block) is in a wrong list of children")
                isSeen[Int(block)] = true
                next = children.block(after: block)
            }
        }
        let seenCount = isSeen.count { $0 }
        try InvariantViolation.check(
            seenCount == count && children.listCount == listCount,
            "\(seenCount) of \(count) cached blocks are found as children")
    }
}
