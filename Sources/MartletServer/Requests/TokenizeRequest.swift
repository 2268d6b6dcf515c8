package import MartletJSON
import OrderedCollections

/// The body of `POST /tokenize`: a text or a conversation.
package struct TokenizeRequest: Sendable {
    package enum Input: Sendable {
        case text(String, addsSpecialTokens: Bool)
        case conversation(Conversation)
    }

    package var model: String?
    package var input: Input
    package var returnsTokenStrings: Bool

    package init(body: JSONValue) throws(APIError) {
        var reader = try FieldReader(body: body)
        model = reader.string("model")
        returnsTokenStrings = reader.bool("return_token_strs") ?? false
        guard let text = reader.string("prompt") else {
            guard reader.members["messages"] != nil else {
                if reader.issues.isEmpty { reader.reportMissing("prompt") }
                throw APIError(reader.issues)
            }
            let messages = Conversation.messages(reading: &reader)
            var conversation = Conversation(messages: messages ?? [], reading: &reader)
            conversation.tools = reader.list("tools")
            try reader.finish()
            try conversation.check()
            input = .conversation(conversation)
            return
        }
        let addsSpecialTokens = reader.bool("add_special_tokens") ?? true
        try reader.finish()
        input = .text(text, addsSpecialTokens: addsSpecialTokens)
    }
}

/// The body of `POST /detokenize`.
package struct DetokenizeRequest: Sendable {
    package var model: String?
    package var tokens: [Int]

    package init(body: JSONValue) throws(APIError) {
        var reader = try FieldReader(body: body)
        model = reader.string("model")
        let tokens = reader.integers("tokens")
        if tokens == nil, reader.issues.isEmpty { reader.reportMissing("tokens") }
        try reader.finish()
        self.tokens = tokens ?? []
    }
}
