/// The output of a request that its reader has not taken: one merged piece for each completion.
///
/// Its memory stays when the reader takes what is in it: the engine's thread, which adds to it,
/// allocates nothing then, and the reader's thread makes copies instead.
struct PendingOutput {
    /// Those in use come first, in the order in which they began.
    private var pieces: [GenerationOutput] = []
    private var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ delta: OutputDelta) {
        let place = (0..<count).first { pieces[$0].index == delta.index } ?? begin(delta.index)
        pieces[place].append(delta)
    }

    /// Begins a piece of a completion that has none.
    private mutating func begin(_ index: Int) -> Int {
        if count == pieces.count {
            pieces.append(GenerationOutput(index: index))
        } else {
            pieces[count].index = index
        }
        count += 1
        return count - 1
    }

    /// Takes all pieces.
    mutating func take() -> [GenerationOutput] {
        defer { count = 0 }
        return (0..<count).map { pieces[$0].take() }
    }
}

extension GenerationOutput {
    /// From so many tokens on a piece takes its memory along: that of a reader who was slow once
    /// is not kept.
    private static let keptTokenCount = 64

    /// Takes what the piece holds and leaves it empty.
    fileprivate mutating func take() -> GenerationOutput {
        let empty = GenerationOutput(index: index)
        guard tokenIDs.count < Self.keptTokenCount else {
            defer { self = empty }
            return self
        }
        var taken = self
        taken.text = String(decoding: text.utf8, as: UTF8.self)
        taken.tokenIDs = tokenIDs.withUnsafeBufferPointer { Array($0) }
        var (text, tokenIDs) = (self.text, self.tokenIDs)
        self = empty
        text.removeAll(keepingCapacity: true)
        tokenIDs.removeAll(keepingCapacity: true)
        (self.text, self.tokenIDs) = (text, tokenIDs)
        return taken
    }
}
