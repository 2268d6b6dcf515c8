import MartletJSON
import OrderedCollections

/// What completions and chat completions have in common beside sampling.
package struct CommonOptions: Sendable {
    package var streams: Bool
    /// Whether the stream ends with a chunk of usage.
    package var includesUsage: Bool
    /// Whether every chunk tells the usage so far.
    package var includesContinuousUsage: Bool
    package var returnsTokenIDs: Bool
    /// Whether log probabilities name tokens as `token_id:<n>`.
    package var namesTokensByID: Bool
    package var priority: Int
    package var cacheSalt: String?
    package var requestID: String?
    /// The client's name for its own user.
    package var user: String?
    package var deadlines: RequestDeadlines
    /// Keeps only this many tokens of the prompt; -1 stands for the model's context.
    package var truncatedPromptTokenCount: Int?
    /// Whether truncation drops the end of the prompt instead of its beginning.
    package var truncatesRight: Bool

    package init(reading reader: inout FieldReader) throws(APIError) {
        streams = reader.bool("stream") ?? false
        let usage = Self.streamOptions(reading: &reader)
        includesUsage = usage?.final ?? false
        includesContinuousUsage = usage?.continuous ?? false
        returnsTokenIDs = reader.bool("return_token_ids") ?? false
        namesTokensByID = reader.bool("return_tokens_as_token_ids") ?? false
        priority = reader.integer("priority") ?? 0
        cacheSalt = reader.string("cache_salt")
        requestID = reader.string("request_id")
        user = reader.string("user")
        deadlines = try RequestDeadlines(reading: &reader)
        truncatedPromptTokenCount = reader.integer("truncate_prompt_tokens")
        truncatesRight = reader.string("truncation_side") == "right"
        if usage != nil, !streams, reader.issues.isEmpty {
            throw .badRequest(
                "Stream options can only be defined when `stream=True`.", param: "stream_options")
        }
        try Self.refuseUnsupported(reading: &reader)
        try check()
    }

    private static func streamOptions(
        reading reader: inout FieldReader
    ) -> (final: Bool, continuous: Bool)? {
        guard let members = reader.object("stream_options") else { return nil }
        var nested = FieldReader(members, location: "body.stream_options")
        let final = nested.bool("include_usage") ?? false
        let continuous = nested.bool("continuous_usage_stats") ?? false
        reader.adopt(nested)
        return (final, final && continuous)
    }

    /// Fields that change the output and are not built yet must not be ignored silently.
    private static func refuseUnsupported(reading reader: inout FieldReader) throws(APIError) {
        if let format = reader.object("response_format"),
            let type = format["type"]?.string, type != "text"
        {
            throw .notImplemented(
                "response_format `\(type.prefix(64))` is not supported yet.",
                param: "response_format")
        }
        let fields = [
            "structured_outputs", "prompt_embeds", "logprob_token_ids", "repetition_detection",
        ]
        for name in fields where reader.value(name) != nil {
            throw .notImplemented("`\(name)` is not supported.", param: name)
        }
        if reader.bool("use_beam_search") == true {
            throw .notImplemented("Beam search is not supported.", param: "use_beam_search")
        }
        if let budget = reader.integer("thinking_token_budget"), budget != -1 {
            throw .notImplemented(
                "`thinking_token_budget` is not supported.", param: "thinking_token_budget")
        }
    }

    private func check() throws(APIError) {
        if let cacheSalt {
            let forbidden: Set<Character> = ["@", "/", "\\", "\0"]
            guard (1...128).contains(cacheSalt.count),
                !cacheSalt.contains(where: forbidden.contains)
            else {
                throw .badRequest(
                    "Parameter 'cache_salt' must be a non-empty string of at most 128 characters "
                        + "without '@', '/', '\\' and NUL.", param: "cache_salt")
            }
        }
        if let count = truncatedPromptTokenCount, count < -1 || count == 0 {
            throw .badRequest(
                "truncate_prompt_tokens must be at least 1, or -1 for the model's context, "
                    + "got \(count).", param: "truncate_prompt_tokens", value: "\(count)")
        }
    }
}
