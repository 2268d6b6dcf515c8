import MartletEngine
import MartletJSON

/// The `logprobs` object of completions; the offsets go on from chunk to chunk.
struct CompletionLogprobs: Sendable {
    let names: TokenNames
    /// Unicode scalars of token text reported so far.
    private var offset = 0

    init(names: TokenNames) {
        self.names = names
    }

    /// One position: a token and, unless it is a prompt's first, its report.
    private struct Entry {
        let token: Int32
        let report: TokenLogprobs?
    }

    /// Writes the reports of `output`, preceded by those of an echoed prompt.
    mutating func write(
        _ output: GenerationOutput, echoing prompt: EchoedPrompt?, into json: inout JSONWriter
    ) {
        var entries: [Entry] = []
        if let prompt, let first = prompt.tokens.first {
            entries.append(Entry(token: first, report: nil))
            entries += prompt.logprobs.map { Entry(token: $0.chosen.id, report: $0) }
        }
        entries += output.logprobs.map { Entry(token: $0.chosen.id, report: $0) }
        write(entries, into: &json)
    }

    private mutating func write(_ entries: [Entry], into json: inout JSONWriter) {
        let texts = entries.map { names.name(of: $0.token) }
        json.raw(#"{"text_offset":["#)
        for (index, text) in texts.enumerated() {
            if index > 0 { json.raw(",") }
            json.integer(offset)
            offset += text.unicodeScalars.count
        }
        json.raw(#"],"token_logprobs":["#)
        for (index, entry) in entries.enumerated() {
            if index > 0 { json.raw(",") }
            if let report = entry.report {
                json.logprob(report.chosen.logprob)
            } else {
                json.raw("null")
            }
        }
        json.raw(#"],"tokens":"#)
        json.strings(texts)
        json.raw(#","top_logprobs":["#)
        for (index, entry) in entries.enumerated() {
            if index > 0 { json.raw(",") }
            writeTop(entry.report, into: &json)
        }
        json.raw("]}")
    }

    /// The chosen token and the most probable ones by name; of equal names the first counts.
    private func writeTop(_ report: TokenLogprobs?, into json: inout JSONWriter) {
        guard let report else { return json.raw("null") }
        var seen: Set<String> = []
        json.raw("{")
        for entry in [report.chosen] + report.top {
            let name = names.name(of: entry.id)
            guard seen.insert(name).inserted else { continue }
            if seen.count > 1 { json.raw(",") }
            json.string(name)
            json.raw(":")
            json.logprob(entry.logprob)
        }
        json.raw("}")
    }
}

/// A prompt that is sent back in front of the output.
struct EchoedPrompt: Sendable {
    var text: String
    var tokens: [Int32] = []
    var logprobs: [TokenLogprobs] = []
}
