/// Everything sampling remembers about one sequence: its parameters, made ready for use, and what
/// it has produced. A value; the engine's thread owns it.
package struct SamplerState: Sendable {
    /// How tokens are chosen.
    package let parameters: SamplingParameters
    /// The tokens accepted so far.
    package private(set) var outputTokens: [Int32] = []
    /// The tokens a grammar allows next, set before each step by who follows the grammar; nil
    /// allows all. It counts as part of the model's answer: reported log probabilities are taken
    /// after it.
    package var grammarMask: TokenBitmask?

    let promptTokenCount: Int
    let endOfSequenceIDs: [Int32]
    /// `allowed_token_ids`; nil allows all.
    let allowedTokens: TokenBitmask?
    /// The tokens that `min_tokens` keeps back: end of sequence and stop tokens.
    let heldTokens: [Int32]
    /// `logit_bias` in order of tokens, clamped to [-100, 100].
    let biases: [(token: Int32, bias: Float)]
    /// Token sequences that must not appear, none empty, each within the vocabulary.
    let badWords: [[Int32]]
    /// What penalties look at; nil where none is set.
    private(set) var history: TokenHistory?
    private let generator: PhiloxGenerator
    private let vocabularySize: Int

    /// The state of one completion before its first token.
    ///
    /// Tokens outside the vocabulary are ignored wherever they are named.
    ///
    /// - Parameters:
    ///   - parameters: Validated parameters.
    ///   - completionIndex: Which of the `n` completions this is; added to an explicit seed.
    ///   - promptTokens: The prompt, for the repetition penalty.
    ///   - endOfSequenceIDs: The tokens whose finish has no stop reason. Further ones that a
    ///     generation configuration names belong into `parameters.stopTokenIDs`.
    ///   - vocabularySize: The number of logits in a row.
    ///   - randomSeed: Seeds a request that has no seed of its own.
    package init(
        parameters: SamplingParameters, completionIndex: Int, promptTokens: [Int32],
        endOfSequenceIDs: [Int32], vocabularySize: Int, randomSeed: UInt64
    ) {
        let isToken = { (token: Int32) in token >= 0 && Int(token) < vocabularySize }
        self.parameters = parameters
        self.endOfSequenceIDs = endOfSequenceIDs
        self.vocabularySize = vocabularySize
        promptTokenCount = promptTokens.count
        allowedTokens = parameters.allowedTokenIDs.map { tokens in
            tokens.filter(isToken).reduce(into: TokenBitmask(vocabularySize: vocabularySize)) {
                $0.insert($1)
            }
        }
        heldTokens = Set(endOfSequenceIDs + parameters.stopTokenIDs).filter(isToken).sorted()
        biases = parameters.logitBias.filter { isToken($0.key) }.sorted { $0.key < $1.key }
            .map { ($0.key, min(max($0.value, -100), 100)) }
        badWords = parameters.badWordTokenIDs.filter { !$0.isEmpty && $0.allSatisfy(isToken) }
        generator =
            parameters.seed.map {
                PhiloxGenerator(key: UInt64(bitPattern: $0 &+ Int64(completionIndex)))
            }
            ?? PhiloxGenerator(key: randomSeed, stream: UInt32(truncatingIfNeeded: completionIndex))
        if parameters.hasPenalties {
            history = TokenHistory()
            if parameters.repetitionPenalty != 1 {
                for token in promptTokens where isToken(token) { history?.insertPrompt(token) }
            }
        }
    }

    /// Accepts `token` as the next token of the output.
    package mutating func append(_ token: Int32) {
        outputTokens.append(token)
        guard token >= 0, Int(token) < vocabularySize else { return }
        history?.appendOutput(token)
    }

    /// The random number in [0, 1) for the next token: a function of seed and position alone.
    var uniform: Double { generator.uniform(at: outputTokens.count) }

    /// The token taken where every logit is masked out: the lowest one allowed.
    var fallbackToken: Int32 {
        guard allowedTokens != nil || grammarMask != nil else { return 0 }
        let allowed = (0..<Int32(vocabularySize)).first {
            (allowedTokens?.contains($0) ?? true) && (grammarMask?.contains($0) ?? true)
        }
        return allowed ?? 0
    }
}

extension SamplingParameters {
    /// Whether any penalty changes logits.
    var hasPenalties: Bool {
        repetitionPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0
    }
}
