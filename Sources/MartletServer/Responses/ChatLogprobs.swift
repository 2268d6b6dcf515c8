import MartletEngine
import MartletJSON

/// The `logprobs` object of chat completions.
struct ChatLogprobs: Sendable {
    let names: TokenNames
    /// How many alternatives are listed with a token; -1 for all.
    let topCount: Int

    func write(_ reports: [TokenLogprobs], into json: inout JSONWriter) {
        json.raw(#"{"content":["#)
        for (index, report) in reports.enumerated() {
            if index > 0 { json.raw(",") }
            json.raw("{")
            writeToken(report.chosen, into: &json)
            json.raw(#","top_logprobs":["#)
            let others = report.top.filter { $0.id != report.chosen.id }
            let ordered = [report.chosen] + others
            let top = topCount < 0 ? ordered[...] : ordered.prefix(topCount)
            for (place, entry) in top.enumerated() {
                json.raw(place > 0 ? ",{" : "{")
                writeToken(entry, into: &json)
                json.raw("}")
            }
            json.raw("]}")
        }
        json.raw("]}")
    }

    private func writeToken(_ entry: TokenLogprob, into json: inout JSONWriter) {
        json.raw(#""token":"#)
        json.string(names.name(of: entry.id))
        json.raw(#","logprob":"#)
        json.logprob(entry.logprob)
        json.raw(#","bytes":["#)
        for (index, byte) in names.bytes(of: entry.id).enumerated() {
            if index > 0 { json.raw(",") }
            json.integer(Int(byte))
        }
        json.raw("]")
    }
}
