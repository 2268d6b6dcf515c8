/// How the tokens of a request are chosen and when it ends.
///
/// The fields, defaults and their order of application are those of vLLM's `SamplingParams`.
///
/// - Source: vLLM 0.32, `vllm/sampling_params.py`.
public struct SamplingParameters: Hashable, Sendable {
    /// How many completions of the prompt are produced.
    public var n = 1
    /// Divides the logits; below 1e-5 decoding is greedy, and (0, 0.01) is raised to 0.01.
    public var temperature: Float = 1
    /// The smallest set of tokens whose probabilities reach this mass is kept, in (0, 1].
    public var topP: Float = 1
    /// The number of most probable tokens kept; 0 and -1 keep all.
    public var topK = 0
    /// Tokens less probable than this share of the most probable one are dropped, in [0, 1].
    public var minP: Float = 0
    /// Subtracted from the logit of every token seen in the output, in [-2, 2].
    public var presencePenalty: Float = 0
    /// Subtracted once for every occurrence in the output, in [-2, 2].
    public var frequencyPenalty: Float = 0
    /// Divides positive and multiplies negative logits of tokens seen in prompt or output, > 0.
    public var repetitionPenalty: Float = 1
    /// Makes random sampling repeatable. Completion `i` of `n` uses `seed + i`.
    public var seed: Int64?
    /// Texts that end the output where they first appear.
    public var stop: [String] = []
    /// Tokens that end the output.
    public var stopTokenIDs: [Int32] = []
    /// Whether the matched stop string (or the stop token's text) stays in the output.
    public var includesStopInOutput = false
    /// Goes on past the model's end-of-sequence tokens.
    public var ignoresEndOfSequence = false
    /// The most tokens to generate; nil is the rest of the context.
    public var maximumTokenCount: Int? = 16
    /// End-of-sequence and stop tokens cannot be chosen before this many tokens.
    public var minimumTokenCount = 0
    /// Added to the logits of single tokens, clamped to [-100, 100].
    public var logitBias: [Int32: Float] = [:]
    /// The only tokens that may be chosen; nil allows all.
    public var allowedTokenIDs: [Int32]?
    /// Token sequences that must not appear in the output.
    public var badWordTokenIDs: [[Int32]] = []
    /// How many of the most probable tokens are reported with each token, besides the chosen
    /// one; 0 reports the chosen one alone, -1 the whole vocabulary, nil nothing.
    public var logprobCount: Int?
    /// The same for the tokens of the prompt.
    public var promptLogprobCount: Int?
    /// Whether special tokens are left out of the text.
    public var skipsSpecialTokens = true

    /// Parameters with vLLM's defaults.
    public init() {}

    /// Whether the most probable token is always chosen.
    public var isGreedy: Bool { temperature < 1e-5 }
}
