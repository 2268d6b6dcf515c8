import HTTPTypes
package import MartletEngine
import MartletJSON

/// The sampling parameters that a request names; absent ones fall back to the model's defaults.
package struct SamplingFields: Sendable {
    var n: Int?
    var temperature: Double?
    var topP: Double?
    var topK: Int?
    var minP: Double?
    var presencePenalty: Double?
    var frequencyPenalty: Double?
    var repetitionPenalty: Double?
    var seed: Int?
    var stop: [String]?
    var stopTokenIDs: [Int]?
    var includesStop: Bool?
    var ignoresEndOfSequence: Bool?
    var maximumTokenCount: Int?
    var minimumTokenCount: Int?
    var logitBias: [Int: Float]?
    var allowedTokenIDs: [Int]?
    /// Words to avoid; they become tokens only once the model is known.
    package var badWords: [String]
    var skipsSpecialTokens: Bool?
    var promptLogprobCount: Int?

    package init(reading reader: inout FieldReader) throws(APIError) {
        n = reader.integer("n")
        temperature = reader.number("temperature")
        topP = reader.number("top_p")
        topK = reader.integer("top_k")
        minP = reader.number("min_p")
        presencePenalty = reader.number("presence_penalty")
        frequencyPenalty = reader.number("frequency_penalty")
        repetitionPenalty = reader.number("repetition_penalty")
        seed = reader.integer("seed")
        stop = reader.stopStrings()
        stopTokenIDs = reader.integers("stop_token_ids")
        includesStop = reader.bool("include_stop_str_in_output")
        ignoresEndOfSequence = reader.bool("ignore_eos")
        maximumTokenCount = reader.integer("max_tokens")
        minimumTokenCount = reader.integer("min_tokens")
        logitBias = try reader.logitBias()
        allowedTokenIDs = reader.integers("allowed_token_ids")
        badWords = reader.strings("bad_words") ?? []
        skipsSpecialTokens = reader.bool("skip_special_tokens")
        promptLogprobCount = reader.integer("prompt_logprobs")
        _ = reader.bool("spaces_between_special_tokens")
    }

    /// The parameters to run with, but for log probabilities and the token limit, which depend
    /// on the endpoint.
    package func resolve(
        over defaults: SamplingParameters, model: ModelInformation
    ) throws(APIError) -> SamplingParameters {
        var result = defaults
        result.n = n ?? defaults.n
        result.temperature = temperature.map { Float($0) } ?? defaults.temperature
        result.topP = topP.map { Float($0) } ?? defaults.topP
        result.topK = topK ?? defaults.topK
        result.minP = minP.map { Float($0) } ?? defaults.minP
        result.presencePenalty = presencePenalty.map { Float($0) } ?? defaults.presencePenalty
        result.frequencyPenalty = frequencyPenalty.map { Float($0) } ?? defaults.frequencyPenalty
        result.repetitionPenalty =
            repetitionPenalty.map { Float($0) } ?? defaults.repetitionPenalty
        result.seed = seed.flatMap { $0 == -1 ? nil : Int64($0) } ?? defaults.seed
        result.includesStopInOutput = includesStop ?? defaults.includesStopInOutput
        result.ignoresEndOfSequence = ignoresEndOfSequence ?? defaults.ignoresEndOfSequence
        result.minimumTokenCount = minimumTokenCount ?? defaults.minimumTokenCount
        result.skipsSpecialTokens = skipsSpecialTokens ?? defaults.skipsSpecialTokens
        result.promptLogprobCount = promptLogprobCount
        if let stop { result.stop = stop }
        try resolveTokens(into: &result, vocabularySize: model.vocabularySize)
        return result
    }

    private func resolveTokens(
        into result: inout SamplingParameters, vocabularySize: Int
    ) throws(APIError) {
        if let stopTokenIDs {
            result.stopTokenIDs += try stopTokenIDs.tokens(below: vocabularySize)
        }
        if let allowedTokenIDs {
            let outside = allowedTokenIDs.filter { !(0..<vocabularySize).contains($0) }
            guard outside.isEmpty else {
                throw .badRequest("allowed_token_ids contains out-of-vocab token id!")
            }
            result.allowedTokenIDs = allowedTokenIDs.map { Int32($0) }
        }
        if let logitBias {
            let outside = logitBias.keys.filter { !(0..<vocabularySize).contains($0) }.sorted()
            guard outside.isEmpty else {
                throw .badRequest(
                    "token_id(s) \(outside.prefix(16)) in logit_bias contain out-of-vocab token "
                        + "ids. Vocabulary size: \(vocabularySize)",
                    param: "logit_bias", value: "\(Array(outside.prefix(16)))")
            }
            for (id, bias) in logitBias { result.logitBias[Int32(id)] = bias }
        }
    }
}

extension [Int] {
    /// The numbers as token ids.
    package func tokens(below vocabularySize: Int) throws(APIError) -> [Int32] {
        if let outside = first(where: { !(0..<vocabularySize).contains($0) }) {
            throw APIError(
                .badRequest, "BadRequestError", "Token id \(outside) is out of vocabulary")
        }
        return map { Int32($0) }
    }
}
