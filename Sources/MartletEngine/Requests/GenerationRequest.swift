public import MartletSampling

/// A prompt and how to continue it.
public struct GenerationRequest: Sendable {
    /// What to continue.
    public var prompt: Prompt
    /// How tokens are chosen and when the output ends.
    public var sampling: SamplingParameters
    /// Under the priority policy, requests with lower values run first.
    public var priority: Int
    /// Keeps the request's prefix cache entries apart from those of other salts, so that one
    /// tenant cannot learn from timing what another has sent.
    public var cacheSalt: String?

    /// A request; every parameter but the prompt has a default.
    public init(
        prompt: Prompt, sampling: SamplingParameters = SamplingParameters(), priority: Int = 0,
        cacheSalt: String? = nil
    ) {
        self.prompt = prompt
        self.sampling = sampling
        self.priority = priority
        self.cacheSalt = cacheSalt
    }
}
