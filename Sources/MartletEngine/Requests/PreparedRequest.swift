import MartletSampling

/// A request whose prompt is encoded and whose parameters are checked against the model.
struct PreparedRequest: Sendable {
    let promptTokens: [Int32]
    /// The conversation as the chat template rendered it; nil for other prompts.
    let promptText: String?
    /// With a token limit that fits into the context.
    let sampling: SamplingParameters
    let priority: Int
    let cacheSalt: String?
    let client: String?
    let requestID: String?
    /// The prompt's beginning, as far as the prefix store has what the cache has not.
    var storedBlocks: FetchedBlocks?
}

/// A request on its way into the engine core.
struct AdmittedRequest: Sendable {
    let key: RequestKey
    let prepared: PreparedRequest
    let slot: OutputSlot
    let ticket: AdmissionTicket
    /// When the caller handed it over.
    let arrival: ContinuousClock.Instant
    /// When it may wait no longer.
    let queueDeadline: ContinuousClock.Instant?
    /// When it has to be done.
    let deadline: ContinuousClock.Instant?
    /// Seeds the generator where the request brings no seed.
    let randomSeed: UInt64
}
