/// The pieces of a model and their ids, both ways, compared byte by byte.
///
/// Pieces lie one after another in one buffer and are found through an open-addressing table, so
/// that a vocabulary of 150,000 is built in some ten milliseconds. Swift strings will not do as
/// keys: they take canonically equivalent texts for equal, and a vocabulary may hold both.
struct Vocabulary: Sendable {
    /// The largest id that is believed; tables are as long as the highest id.
    static let maximumID = 4_194_303

    private var arena: [UInt8] = []
    /// Where each piece begins in `arena`; one more entry than there are pieces.
    private var offsets: [UInt32] = [0]
    private var ids: [Int32] = []
    /// Indices of pieces, or -1; the length is a power of two, at most half of it in use.
    private var table = [Int32](repeating: -1, count: 1024)
    /// The piece of each id, or -1.
    private var pieceOfID: [Int32] = []
    private let seed = ByteHash.seed

    init() {}

    /// The number of distinct pieces.
    var count: Int { ids.count }
    /// One more than the highest id.
    var idLimit: Int { pieceOfID.count }

    /// Adds a piece. A piece that is there already changes its id; of two pieces with one id the
    /// first is what the id stands for.
    mutating func insert(_ piece: UnsafeBufferPointer<UInt8>, id: Int32) {
        if (ids.count + 1) * 2 > table.count { grow() }
        let slot = slot(of: piece)
        if table[slot] >= 0 {
            ids[Int(table[slot])] = id
        } else {
            table[slot] = Int32(ids.count)
            ids.append(id)
            arena.append(contentsOf: piece)
            offsets.append(UInt32(arena.count))
        }
        let index = Int(id)
        if index >= pieceOfID.count {
            pieceOfID.append(contentsOf: repeatElement(-1, count: index + 1 - pieceOfID.count))
        }
        if pieceOfID[index] < 0 { pieceOfID[index] = table[slot] }
    }

    private mutating func grow() {
        table = [Int32](repeating: -1, count: table.count * 2)
        for index in ids.indices {
            let slot: Int = withPiece(index) { self.slot(of: $0) }
            table[slot] = Int32(index)
        }
    }

    /// The slot that holds `piece`, or the free one where it belongs.
    private func slot(of piece: UnsafeBufferPointer<UInt8>) -> Int {
        let mask = table.count - 1
        var slot = Int(truncatingIfNeeded: ByteHash.hash(piece, seed: seed)) & mask
        while table[slot] >= 0 {
            let index = Int(table[slot])
            let start = Int(offsets[index])
            if Int(offsets[index + 1]) - start == piece.count, isEqual(piece, at: start) {
                return slot
            }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func isEqual(_ piece: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard let other = piece.baseAddress, !piece.isEmpty else { return piece.isEmpty }
        return arena.withUnsafeBufferPointer {
            ByteHash.areEqual($0.baseAddress! + start, other, count: piece.count)
        }
    }

    private func withPiece<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        arena.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[Int(offsets[index])..<Int(offsets[index + 1])]))
        }
    }

    func id(of piece: UnsafeBufferPointer<UInt8>) -> Int32? {
        let index = table[slot(of: piece)]
        return index < 0 ? nil : ids[Int(index)]
    }

    func id(of piece: [UInt8]) -> Int32? {
        piece.withUnsafeBufferPointer { id(of: $0) }
    }

    /// The bytes of the piece with an id; nil for an id that no piece has.
    func piece(of id: Int32) -> ArraySlice<UInt8>? {
        guard id >= 0, Int(id) < pieceOfID.count, pieceOfID[Int(id)] >= 0 else { return nil }
        let index = Int(pieceOfID[Int(id)])
        return arena[Int(offsets[index])..<Int(offsets[index + 1])]
    }
}
