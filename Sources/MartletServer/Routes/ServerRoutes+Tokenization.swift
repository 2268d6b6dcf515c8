import Hummingbird
import MartletEngine
import MartletJSON
import MartletTokenizer

extension ServerRoutes {
    func addTokenization(to router: Router<Context>) {
        router.post("tokenize") { request, _ in
            try await tokenize(
                try await decode(request) { body throws(APIError) in
                    try TokenizeRequest(body: body)
                })
        }
        router.post("detokenize") { request, _ in
            try await detokenize(
                try await decode(request) { body throws(APIError) in
                    try DetokenizeRequest(body: body)
                })
        }
    }

    private func tokenize(_ request: TokenizeRequest) async throws -> Response {
        let target = try await planner.target(named: request.model)
        let tokens: [Int32]
        switch request.input {
        case .text(let text, let addsSpecialTokens):
            tokens = try await target.engine.encode(
                .text(text, addsSpecialTokens: addsSpecialTokens))
        case .conversation(let conversation):
            tokens = try await target.engine.encode(try planner.prompt(conversation))
        }
        var json = JSONWriter(capacity: 64 + tokens.count * 6)
        json.raw(#"{"count":"#)
        json.integer(tokens.count)
        json.raw(#","max_model_len":"#)
        json.integer(target.information.maximumModelLength)
        json.raw(#","tokens":"#)
        json.tokens(tokens)
        json.raw(#","token_strs":"#)
        if request.returnsTokenStrings {
            let tokenizer = try await target.engine.tokenizer
            json.strings(tokens.lazy.map { tokenizer.piece(of: $0) ?? "" })
        } else {
            json.raw("null")
        }
        json.raw("}")
        return Response(json: json.bytes)
    }

    private func detokenize(_ request: DetokenizeRequest) async throws -> Response {
        let target = try await planner.target(named: request.model)
        let tokens = try request.tokens.tokens(below: target.information.vocabularySize)
        let text = try await target.engine.decode(tokens, skipsSpecialTokens: false)
        var json = JSONWriter(capacity: 32 + text.utf8.count)
        json.raw(#"{"prompt":"#)
        json.string(text)
        json.raw("}")
        return Response(json: json.bytes)
    }
}
