import MartletJSON

/// Token counts of a request.
struct Usage: Sendable {
    var promptTokenCount = 0
    var completionTokenCount = 0
    var cachedTokenCount = 0

    /// The `usage` object of an answer in one piece, nulls included.
    ///
    /// - Parameter reportsDetails: Whether it tells how much of the prompt was cached.
    func writeWhole(reportsDetails: Bool, into json: inout JSONWriter) {
        writeCounts(into: &json)
        json.raw(#","prompt_tokens_details":"#)
        if reportsDetails {
            json.raw(#"{"cached_tokens":"#)
            json.integer(cachedTokenCount)
            json.raw(#","created_cache_tokens":null,"multimodal_tokens":null}"#)
        } else {
            json.raw("null")
        }
        json.raw(#","completion_tokens_details":null}"#)
    }

    /// The `usage` object of a chunk, without nulls.
    func writeChunk(reportsDetails: Bool, into json: inout JSONWriter) {
        writeCounts(into: &json)
        if reportsDetails {
            json.raw(#","prompt_tokens_details":{"cached_tokens":"#)
            json.integer(cachedTokenCount)
            json.raw("}")
        }
        json.raw("}")
    }

    private func writeCounts(into json: inout JSONWriter) {
        json.raw(#"{"prompt_tokens":"#)
        json.integer(promptTokenCount)
        json.raw(#","total_tokens":"#)
        json.integer(promptTokenCount + completionTokenCount)
        json.raw(#","completion_tokens":"#)
        json.integer(completionTokenCount)
    }
}
