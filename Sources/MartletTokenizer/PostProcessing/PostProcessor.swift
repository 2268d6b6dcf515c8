/// Where special tokens go around an encoded text.
struct PostProcessor: Sendable {
    enum Piece: Sendable {
        case sequence
        case tokens([Int32])
    }

    /// Applied in order, each to the result of the one before it.
    var templates: [[Piece]] = []

    /// The ids with special tokens put in, or only with the sequence repeated or dropped as the
    /// templates say where `addsSpecialTokens` is false.
    func process(_ ids: [Int32], addsSpecialTokens: Bool) -> [Int32] {
        templates.reduce(ids) { ids, template in
            var result: [Int32] = []
            result.reserveCapacity(ids.count + template.count)
            for piece in template {
                switch piece {
                case .sequence: result += ids
                case .tokens(let tokens): if addsSpecialTokens { result += tokens }
                }
            }
            return result
        }
    }
}
