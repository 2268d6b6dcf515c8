/// The distributions that an engine reports. Times are in seconds.
public struct EngineHistograms: Hashable, Sendable {
    /// From arrival to the first token.
    public var timeToFirstToken = Histogram(bounds: HistogramBounds.timeToFirstToken)
    /// Between two outputs of a request with one completion.
    public var interTokenLatency = Histogram(bounds: HistogramBounds.interTokenLatency)
    /// The mean time of a finished request's tokens after the first.
    public var timePerOutputToken = Histogram(bounds: HistogramBounds.interTokenLatency)
    /// From arrival to the end.
    public var requestLatency = Histogram(bounds: HistogramBounds.latency)
    /// From admission to the first step.
    public var queueTime = Histogram(bounds: HistogramBounds.latency)
    /// From the first step to the last token.
    public var inferenceTime = Histogram(bounds: HistogramBounds.latency)
    /// From the first step to the first token.
    public var prefillTime = Histogram(bounds: HistogramBounds.latency)
    /// From the first token to the last.
    public var decodeTime = Histogram(bounds: HistogramBounds.latency)
    /// How long a step takes.
    public var stepDuration = Histogram(bounds: HistogramBounds.stepDuration)
    /// Tokens in a step.
    public var iterationTokens = Histogram(bounds: HistogramBounds.iterationTokens)
    /// Tokens of a finished request's prompt.
    public var promptTokens = Histogram(bounds: HistogramBounds.tokens)
    /// Those that did not come from the prefix cache.
    public var computedPromptTokens = Histogram(bounds: HistogramBounds.tokens)
    /// Tokens generated for a finished request.
    public var generationTokens = Histogram(bounds: HistogramBounds.tokens)
    /// The limit that a finished request has set for them.
    public var maximumTokens = Histogram(bounds: HistogramBounds.tokens)
    /// Completions of a finished request.
    public var choices = Histogram(bounds: HistogramBounds.choices)
    /// How often a finished request lost its KV cache blocks.
    public var preemptions = Histogram(bounds: HistogramBounds.preemptions)

    /// Empty histograms.
    public init() {}
}
