package import MartletEngine
package import MartletJSON
import MartletTokenizer

extension JSONWriter {
    /// The `prompt_logprobs` member: null for the first token, then the given token and the most
    /// probable ones for each position; `[null]` for a prompt of one token, null for no reports.
    package mutating func promptLogprobs(_ reports: [TokenLogprobs]?, names: TokenNames?) {
        guard let reports, let names else { return raw("null") }
        raw("[null")
        for report in reports {
            raw(",{")
            promptEntry(report.chosen, names: names)
            for entry in report.top where entry.id != report.chosen.id {
                raw(",")
                promptEntry(entry, names: names)
            }
            raw("}")
        }
        raw("]")
    }

    private mutating func promptEntry(_ entry: TokenLogprob, names: TokenNames) {
        raw("\"")
        integer(Int(entry.id))
        raw("\":{\"logprob\":")
        logprob(entry.logprob)
        raw(",\"rank\":")
        integer(entry.rank)
        raw(",\"decoded_token\":")
        string(names.tokenizer.text(of: entry.id))
        raw("}")
    }
}
