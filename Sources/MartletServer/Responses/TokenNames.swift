package import MartletTokenizer

/// How log probabilities name tokens.
package struct TokenNames: Sendable {
    let tokenizer: Tokenizer
    /// Whether tokens are named `token_id:<n>` instead of by their text.
    let byID: Bool

    package init(tokenizer: Tokenizer, byID: Bool) {
        self.tokenizer = tokenizer
        self.byID = byID
    }

    /// The name of a token.
    package func name(of id: Int32) -> String {
        byID ? "token_id:\(id)" : tokenizer.text(of: id)
    }

    /// The bytes that the token stands for, which need not be whole characters.
    package func bytes(of id: Int32) -> [UInt8] {
        byID ? Array(name(of: id).utf8) : tokenizer.bytes(of: id)
    }
}
