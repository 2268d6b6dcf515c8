package import MartletScheduling
import NIOConcurrencyHelpers

extension PrefixStore {
    /// One block of a prompt, by name.
    private struct Link {
        let index: Int
        let name: BlockFileName
    }

    /// Reads the blocks that begin a prompt and are not in the memory cache, up to the first that
    /// is nowhere. The block that holds the last token is not asked for, since only a computed
    /// token has logits. Waits for the disk, so it belongs on a thread that may wait.
    ///
    /// - Parameters:
    ///   - scope: What the blocks depend on besides the tokens.
    ///   - limit: How many blocks are read at most.
    package func fetch(
        tokens: [Int32], scope: PrefixScope = PrefixScope(), limit: Int
    ) -> [StoredBlock] {
        let chain = chain(of: tokens, scope: scope)
        let (links, staleNames) = plan(chain, limit: limit, now: WallClock.nanoseconds)
        for name in staleNames { PlainFile.touch(directory.path(of: name)) }
        var blocks: [StoredBlock] = []
        for link in links {
            guard let payload = read(link, tokens: tokens) else { break }
            blocks.append(StoredBlock(index: link.index, key: link.name.key, payload: payload))
        }
        state.withLockedValue { $0.statistics.hitCount += blocks.count }
        return blocks
    }

    private func chain(of tokens: [Int32], scope: PrefixScope) -> [Link] {
        var parent = hasher.key(of: scope)
        let size = limits.blockSize
        return (0..<max(0, tokens.count - 1) / size).map { index in
            let key = hasher.key(
                of: tokens, in: index * size..<(index + 1) * size, following: parent)
            defer { parent = key }
            return Link(index: index, name: BlockFileName(key: key, parent: parent))
        }
    }

    /// Which blocks of `chain` to read, and which files to date anew. All that are passed count as
    /// used, those in the memory cache too: a popular block must not grow old on disk.
    private func plan(
        _ chain: [Link], limit: Int, now: Int64
    ) -> (links: [Link], staleNames: [BlockFileName]) {
        state.withLockedValue { state in
            guard !state.isClosed else { return ([], []) }
            var links: [Link] = []
            var staleNames: [BlockFileName] = []
            for link in chain where links.count < limit {
                let address = address(of: link.name.key)
                if !state.residentKeys.contains(link.name.key) {
                    guard state.index.contains(address) else {
                        state.statistics.missCount += chain.count - link.index
                        break
                    }
                    links.append(link)
                }
                if state.index.touch(address, at: now) { staleNames.append(link.name) }
            }
            return (links, staleNames)
        }
    }

    /// The block's payload; nil, and the file forgotten, if it is not what it should be.
    private func read(_ link: Link, tokens: [Int32]) -> [UInt8]? {
        let start = link.index * limits.blockSize
        let reading = directory.read(
            link.name, tokens: Array(tokens[start..<start + limits.blockSize]),
            payloadByteCount: limits.blockByteCount)
        if case .payload(let payload) = reading { return payload }
        var isDamaged = false
        if case .damaged = reading { isDamaged = true }
        if isDamaged { PlainFile.remove(directory.path(of: link.name)) }
        state.withLockedValue { state in
            state.index.remove(address(of: link.name.key))
            state.statistics.missCount += 1
            if isDamaged { state.statistics.corruptCount += 1 }
        }
        return nil
    }
}
