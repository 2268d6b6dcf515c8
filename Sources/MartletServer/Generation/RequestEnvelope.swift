/// What arrives beside the body of a request: headers of HTTP, members of a WebSocket frame, and
/// what is known of the client.
struct RequestEnvelope: Sendable {
    /// When the request came; its deadlines count from then.
    let arrival = ContinuousClock.now
    /// Takes the place of the random part of the response's id.
    var requestID: String?
    /// Overrides the body's priority.
    var priority: Int?
    /// Overrides the body's deadlines.
    var deadlines = RequestDeadlines()
    /// The name of the key's owner.
    var client: String?
    /// Where the request will run, if its model has no other say.
    var place: Place?
}
