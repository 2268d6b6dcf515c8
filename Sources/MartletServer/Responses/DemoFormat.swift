import MartletEngine
import MartletJSON

/// The objects of `/generate`: all texts so far, each with the prompt in front.
struct DemoFormat: ResponseFormat {
    let promptText: String
    /// Whether the answer tells the tokens as well: for requests that speak in tokens.
    let returnsTokenIDs: Bool
    let transport = FrameBuffer.Transport.lines
    private var texts: [String] = []
    private var tokens: [[Int32]] = []

    init(promptText: String, returnsTokenIDs: Bool) {
        self.promptText = promptText
        self.returnsTokenIDs = returnsTokenIDs
    }

    mutating func begin(_ streams: [GenerationStream]) {
        texts = Array(repeating: promptText, count: streams[0].completionCount)
        tokens = Array(repeating: [], count: streams[0].completionCount)
    }

    mutating func encode(
        _ output: GenerationOutput, promptIndex: Int, into frames: inout FrameBuffer
    ) {
        texts[output.index] += output.text
        tokens[output.index] += output.tokenIDs
        guard !output.text.isEmpty || output.finishReason != nil else { return }
        frames.begin()
        write(texts: texts, tokens: tokens, into: &frames.json)
        frames.end()
    }

    mutating func encodeEnd(into frames: inout FrameBuffer) {}

    func encodeWhole(_ results: [GenerationResult], into json: inout JSONWriter) {
        let completions = results[0].completions
        write(
            texts: completions.map { promptText + $0.text }, tokens: completions.map(\.tokenIDs),
            into: &json)
    }

    private func write(texts: [String], tokens: [[Int32]], into json: inout JSONWriter) {
        json.raw(#"{"text":"#)
        json.strings(texts)
        if returnsTokenIDs {
            json.raw(#","token_ids":["#)
            for (index, ids) in tokens.enumerated() {
                if index > 0 { json.raw(",") }
                json.tokens(ids)
            }
            json.raw("]")
        }
        json.raw("}")
    }
}
