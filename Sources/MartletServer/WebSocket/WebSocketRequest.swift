import MartletJSON
import OrderedCollections

/// A generation that a WebSocket client asks for.
struct WebSocketRequest: Sendable {
    /// The client's name for it: a string or an integer.
    let id: JSONValue
    /// The body of a completion, or of a chat completion.
    let members: JSONObject

    /// Plans the generation; it is streamed whatever the body says.
    ///
    /// - Throws: ``APIError`` where the body is wrong.
    func plan(
        with planner: RequestPlanner, place: Place?, client: String?
    ) async throws -> GenerationPlan {
        var members = members
        members["stream"] = true
        if members["prompt"] == nil, let tokens = members["prompt_token_ids"] {
            members["prompt"] = tokens
        }
        var envelope = RequestEnvelope()
        envelope.place = place
        envelope.client = client
        switch id {
        case .string(let text): envelope.requestID = text
        case .integer(let number): envelope.requestID = String(number)
        default: break
        }
        if members["messages"] != nil {
            let request = try ChatCompletionRequest(body: .object(members))
            return try await planner.plan(request, envelope: envelope)
        }
        let request = try CompletionRequest(body: .object(members))
        return try await planner.plan(request, envelope: envelope)
    }
}
