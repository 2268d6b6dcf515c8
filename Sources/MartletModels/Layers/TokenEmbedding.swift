import MartletTensor

/// The rows of a matrix by token id. Where the head is tied, the matrix is the head's: packed
/// once, and rows are read out of its panels.
struct TokenEmbedding: Sendable {
    /// `[vocabulary, width]`.
    let table: PackedMatrix

    /// `y`: `[tokens, width]`, overwritten.
    func callAsFunction(_ tokens: [Int32], into y: Tensor, _ operators: Operators) {
        operators.embed(tokens, table, into: y)
    }
}

/// Learned vectors by position, added to token embeddings.
struct PositionEmbedding: Sendable {
    /// `[positions + offset, hidden]`.
    let table: PackedMatrix
    /// The row of position 0. OPT's is 2, an inheritance of fairseq's padding index.
    let offset: Int32

    /// `y`: `[rows, hidden]`, added to.
    func callAsFunction(at positions: [Int32], addingTo y: Tensor, _ operators: Operators) {
        let indices = offset == 0 ? positions : positions.map { $0 + offset }
        operators.addRows(of: table, at: indices, to: y)
    }
}
