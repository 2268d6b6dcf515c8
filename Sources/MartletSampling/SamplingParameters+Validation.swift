/// A sampling parameter that cannot be honoured.
public struct SamplingParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The wire name of the field: `top_p`.
    public let parameter: String
    /// The offending value as text, where it is known.
    public let value: String?
    /// What is wrong, as a sentence: `top_p must be in (0, 1], got 0.0.`
    public let message: String

    /// An error about `parameter`.
    public init(parameter: String, value: String?, message: String) {
        self.parameter = parameter
        self.value = value
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

extension SamplingParameters {
    /// Checks ranges and combinations that need no model.
    ///
    /// - Throws: ``SamplingParameterError`` for the first parameter that is out of its range.
    public func validate() throws(SamplingParameterError) {
        try require(n >= 1, "n", n, "must be at least 1")
        try require(n <= 16384, "n", n, "must be at most 16384")
        try require((0...2).contains(temperature), "temperature", temperature, "must be in [0, 2]")
        try require(topP > 0 && topP <= 1, "top_p", topP, "must be in (0, 1]")
        try require(topK >= -1, "top_k", topK, "must be 0 (disable), or at least 1")
        try require((0...1).contains(minP), "min_p", minP, "must be in [0, 1]")
        let penalties: ClosedRange<Float> = -2...2
        try require(
            penalties.contains(presencePenalty), "presence_penalty", presencePenalty,
            "must be in [-2, 2]")
        try require(
            penalties.contains(frequencyPenalty), "frequency_penalty", frequencyPenalty,
            "must be in [-2, 2]")
        try require(
            repetitionPenalty > 0 && repetitionPenalty.isFinite, "repetition_penalty",
            repetitionPenalty, "must be greater than zero")
        try require(
            (maximumTokenCount ?? 1) >= 0, "max_tokens", maximumTokenCount ?? 0,
            "must be at least 1")
        try require(
            minimumTokenCount >= 0, "min_tokens", minimumTokenCount,
            "must be greater than or equal to 0")
        try require(
            minimumTokenCount <= maximumTokenCount ?? .max, "min_tokens", minimumTokenCount,
            "must be less than or equal to max_tokens=\(maximumTokenCount ?? 0)")
        try validateLists()
    }

    private func validateLists() throws(SamplingParameterError) {
        try require(
            (logprobCount ?? 0) >= -1, "logprobs", logprobCount ?? 0,
            "must be non-negative or -1")
        try require(
            (promptLogprobCount ?? 0) >= -1, "prompt_logprobs", promptLogprobCount ?? 0,
            "must be non-negative or -1")
        if stop.contains("") {
            throw SamplingParameterError(
                parameter: "stop", value: nil, message: "stop cannot contain an empty string.")
        }
        if let allowedTokenIDs, allowedTokenIDs.isEmpty {
            throw SamplingParameterError(
                parameter: "allowed_token_ids", value: nil,
                message: "allowed_token_ids is not None and empty!")
        }
        if logitBias.values.contains(where: { !$0.isFinite }) {
            throw SamplingParameterError(
                parameter: "logit_bias", value: nil, message: "logit_bias must be finite.")
        }
        if n > 1 && isGreedy {
            throw SamplingParameterError(
                parameter: "n", value: nil,
                message: "n must be 1 when using greedy sampling, got \(n).")
        }
    }

    /// Throws vLLM's wording: `<name> <rule>, got <value>.`
    private func require(
        _ holds: Bool, _ name: String, _ value: some CustomStringConvertible, _ rule: String
    ) throws(SamplingParameterError) {
        guard !holds else { return }
        throw SamplingParameterError(
            parameter: name, value: value.description,
            message: "\(name) \(rule), got \(value.description).")
    }
}
