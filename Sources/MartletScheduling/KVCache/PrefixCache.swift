/// Finds blocks by the tokens whose keys and values they hold.
///
/// A full block is found by a key chained from its parent's key, so one lookup asks for the block's
/// tokens and for everything before them. A key only proposes: a hit also needs the same tokens and
/// the same parent content (or, for a first block, the same scope), compared exactly. Two prefixes
/// with colliding keys therefore cost a miss and can never be served each other's content.
///
/// Blocks are cached whether they are held or free; who takes a block for other content says
/// `remove`. Of two blocks with equal content the one published first is cached.
///
/// - Source: hash-chained blocks follow vLLM's automatic prefix caching.
package struct PrefixCache: Sendable {
    package let blockSize: Int
    let hasher: PrefixHasher
    private(set) var blocks: [PrefixKey: Int32] = [:]
    private(set) var children: ChildIndex
    private(set) var unsaved = UnsavedQueue()
    private var lastContent = ContentID.none

    // One entry per block; meaningless where `contents` has none.
    private(set) var contents: [ContentID]
    private(set) var parents: [ContentID]
    private(set) var keys: [PrefixKey]
    /// The tokens of block `b` are those at `b * blockSize ..< (b + 1) * blockSize`.
    private(set) var tokens: [Int32]
    /// The scopes of cached first blocks, where they are not the usual one.
    private(set) var scopes: [Int32: PrefixScope] = [:]

    package init(blockSize: Int, blockCount: Int, hasher: PrefixHasher) {
        self.blockSize = blockSize
        self.hasher = hasher
        contents = Array(repeating: .none, count: blockCount)
        parents = Array(repeating: .none, count: blockCount)
        keys = Array(repeating: PrefixKey(low: 0, high: 0), count: blockCount)
        children = ChildIndex(blockCount: blockCount)
        tokens = Array(repeating: 0, count: blockCount * blockSize)
    }

    /// How many blocks can be found.
    package var count: Int { blocks.count }

    package func contains(_ block: Int32) -> Bool {
        contents[Int(block)] != .none
    }

    /// The cached blocks that hold the leading `blockCount` blocks of `tokens`, up to the first
    /// that is missing. Remembers in `table` the keys that it had to make.
    package func prefix(
        of tokens: [Int32], blockCount: Int, table: inout BlockTable
    ) -> [Int32] {
        var found: [Int32] = []
        var parent = ContentID.none
        for index in 0..<blockCount {
            let key = key(ofBlock: index, of: tokens, table: &table)
            guard
                let block = blocks[key],
                holds(block, block: index, of: tokens, parent: parent, scope: table.scope)
            else { break }
            found.append(block)
            parent = contents[Int(block)]
        }
        return found
    }

    /// The cached block whose first tokens are the longest part of those from `start` on, fewer than
    /// `tokenCountMax`, after the content `parent`; of equally long ones the latest.
    func partialBlock(
        of tokens: [Int32], from start: Int, tokenCountMax: Int, following parent: ContentID,
        scope: PrefixScope
    ) -> PartialBlock? {
        let countMax = min(tokenCountMax, blockSize - 1)
        guard countMax > 0 else { return nil }
        var best: PartialBlock?
        var next = children.first(under: .init(parent: parent, firstToken: tokens[start]))
        while let block = next, best?.tokenCount != countMax {
            next = children.block(after: block)
            guard parent != .none || (scopes[block] ?? PrefixScope()) == scope else { continue }
            let first = Int(block) * blockSize
            var count = 1
            while count < countMax, self.tokens[first + count] == tokens[start + count] {
                count += 1
            }
            if count > best?.tokenCount ?? 0 {
                best = PartialBlock(block: block, tokenCount: count)
            }
        }
        return best
    }

    /// The content of the cached block `block`.
    func content(of block: Int32) -> ContentID {
        contents[Int(block)]
    }

    /// The key of `block`, if it is cached.
    func key(of block: Int32) -> PrefixKey? {
        contains(block) ? keys[Int(block)] : nil
    }

    /// Makes the blocks of `table` findable that the leading `tokenCount` tokens fill. Their keys
    /// and values must have been computed.
    ///
    /// - Parameter isSaved: Whether a store has the new ones already.
    package mutating func publish(
        _ table: inout BlockTable, tokens: [Int32], tokenCount: Int, isSaved: Bool = false
    ) {
        guard table.publishes else { return }
        while table.publishedBlockCount < tokenCount / blockSize {
            let index = table.publishedBlockCount
            let parent = table.publishedContent
            let key = key(ofBlock: index, of: tokens, table: &table)
            if let block = blocks[key] {
                if holds(block, block: index, of: tokens, parent: parent, scope: table.scope) {
                    table.publishedContent = contents[Int(block)]
                    table.publishedBlockCount += 1
                    continue
                }
                // A collision, or the child of a parent that has been evicted since: the newer
                // content is the one that can be reached.
                remove(block)
            }
            insert(table.blocks[index], key: key, block: index, of: tokens, table: table)
            if !isSaved, table.scope == PrefixScope() { noteUnsaved(index, of: table) }
            table.publishedContent = lastContent
            table.publishedBlockCount += 1
        }
    }

    /// Forgets what `block` holds.
    package mutating func remove(_ block: Int32) {
        guard contains(block) else { return }
        blocks[keys[Int(block)]] = nil
        children.remove(block, under: childKey(of: block))
        if parents[Int(block)] == .none { scopes[block] = nil }
        contents[Int(block)] = .none
    }

    /// Forgets everything.
    package mutating func removeAll() {
        for block in blocks.values { contents[Int(block)] = .none }
        blocks.removeAll(keepingCapacity: true)
        scopes.removeAll()
        children.removeAll()
        unsaved.removeAll()
    }

    /// Blocks of the usual scope that were published and not taken here before, parents before
    /// their children.
    mutating func takeUnsaved(limit: Int) -> [CachedBlock] {
        unsaved.take(limit) { [contents] in contents[Int($0.block)] == $0.content }.map { entry in
            let start = Int(entry.block) * blockSize
            return CachedBlock(
                block: entry.block, key: keys[Int(entry.block)], parent: entry.parent,
                tokens: Array(tokens[start..<start + blockSize]))
        }
    }

    private mutating func noteUnsaved(_ index: Int, of table: BlockTable) {
        let entry = UnsavedQueue.Entry(
            block: table.blocks[index], content: lastContent,
            parent: index == 0 ? table.scopeKey : table.keys[index - 1])
        unsaved.append(entry, countMax: 2 * contents.count) { [contents] in
            contents[Int($0.block)] == $0.content
        }
    }

    func childKey(of block: Int32) -> ChildIndex.Key {
        .init(parent: parents[Int(block)], firstToken: tokens[Int(block) * blockSize])
    }

    private mutating func insert(
        _ block: Int32, key: PrefixKey, block index: Int, of tokens: [Int32], table: BlockTable
    ) {
        lastContent = ContentID(rawValue: lastContent.rawValue + 1)
        blocks[key] = block
        contents[Int(block)] = lastContent
        parents[Int(block)] = table.publishedContent
        keys[Int(block)] = key
        if index == 0, table.scope != PrefixScope() { scopes[block] = table.scope }
        let start = Int(block) * blockSize
        for offset in 0..<blockSize {
            self.tokens[start + offset] = tokens[index * blockSize + offset]
        }
        children.insert(block, under: childKey(of: block))
    }

    /// The key of block `index` of `tokens`, made once and remembered in `table`.
    func key(
        ofBlock index: Int, of tokens: [Int32], table: inout BlockTable
    ) -> PrefixKey {
        while table.keys.count <= index {
            let start = table.keys.count * blockSize
            table.keys.append(
                hasher.key(
                    of: tokens, in: start..<start + blockSize,
                    following: table.keys.last ?? table.scopeKey))
        }
        return table.keys[index]
    }

    /// Whether the cached `block` holds block `index` of `tokens`, with all that precedes it.
    private func holds(
        _ block: Int32, block index: Int, of tokens: [Int32], parent: ContentID,
        scope: PrefixScope
    ) -> Bool {
        guard parents[Int(block)] == parent else { return false }
        guard index > 0 || (scopes[block] ?? PrefixScope()) == scope else { return false }
        let start = Int(block) * blockSize
        for offset in 0..<blockSize
        where self.tokens[start + offset] != tokens[index * blockSize + offset] {
            return false
        }
        return true
    }
}
