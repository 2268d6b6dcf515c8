/// What has happened to one open request so far.
struct RequestTimeline: Hashable {
    typealias Instant = ContinuousClock.Instant

    let arrival: Instant
    let admission: Instant
    let promptTokenCount: Int
    let maximumTokenCount: Int?
    let choiceCount: Int
    var cachedTokenCount = 0
    var preemptionCount = 0
    var firstStep: Instant?
    var firstToken: Instant?
    var lastToken: Instant?
}

extension EngineHistograms {
    /// Takes in a request that is done.
    mutating func observe(
        _ request: RequestTimeline, generationTokenCount: Int, end: ContinuousClock.Instant
    ) {
        requestLatency.observe(end - request.arrival)
        promptTokens.observe(Double(request.promptTokenCount))
        computedPromptTokens.observe(
            Double(max(0, request.promptTokenCount - request.cachedTokenCount)))
        generationTokens.observe(Double(generationTokenCount))
        if let limit = request.maximumTokenCount { maximumTokens.observe(Double(limit)) }
        choices.observe(Double(request.choiceCount))
        preemptions.observe(Double(request.preemptionCount))
        guard let firstStep = request.firstStep else { return }
        queueTime.observe(firstStep - request.admission)
        guard let firstToken = request.firstToken, let lastToken = request.lastToken
        else { return }
        prefillTime.observe(firstToken - firstStep)
        inferenceTime.observe(lastToken - firstStep)
        decodeTime.observe(lastToken - firstToken)
        if generationTokenCount > 1 {
            timePerOutputToken.observe(
                (lastToken - firstToken).seconds / Double(generationTokenCount - 1))
        }
    }
}
