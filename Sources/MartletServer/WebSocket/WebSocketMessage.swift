import MartletJSON

/// What a client says in a text frame.
enum WebSocketMessage: Sendable {
    case authentication(key: String)
    case ping
    case cancel(id: JSONValue)
    case request(WebSocketRequest)

    /// A message that makes no sense, and the id that it carries if any.
    struct Failure: Error {
        let error: APIError
        let id: JSONValue?
    }

    init(_ bytes: some Collection<UInt8>) throws(Failure) {
        do throws(APIError) {
            let body = try RequestBodyReader.parse(bytes)
            guard let members = body.object else {
                throw APIError([ValidationIssue(notAnObject: body)])
            }
            self = try Self.understand(members)
        } catch {
            let id = (try? JSONValue(parsing: bytes))?["id"]
            throw Failure(error: error, id: id.flatMap { Self.isID($0) ? $0 : nil })
        }
    }

    private static func understand(_ members: JSONObject) throws(APIError) -> WebSocketMessage {
        var reader = FieldReader(members)
        let type = reader.string("type") ?? "generate"
        let id = reader.value("id")
        let key = type == "auth" ? reader.string("api_key") : nil
        if type == "auth", key == nil, reader.issues.isEmpty { reader.reportMissing("api_key") }
        if type == "cancel", id == nil { reader.reportMissing("id") }
        try reader.finish()
        if let id, !isID(id) {
            throw .badRequest(
                "`id` must be an integer or a string of 1 to 256 bytes.", param: "id")
        }
        switch type {
        case "auth": return .authentication(key: key ?? "")
        case "ping": return .ping
        case "cancel": return .cancel(id: id ?? .null)
        case "generate":
            return .request(
                WebSocketRequest(id: id ?? .string(RandomID.make()), members: members))
        default:
            throw .badRequest(
                "Unknown message type `\(type.prefix(64))`; known are generate, cancel, ping "
                    + "and auth.", param: "type")
        }
    }

    private static func isID(_ value: JSONValue) -> Bool {
        switch value {
        case .integer: true
        case .string(let text): (1...256).contains(text.utf8.count)
        default: false
        }
    }

    /// What replaces the closing brace of objects that belong to a request.
    static func trailer(_ id: JSONValue?) -> [UInt8] {
        var json = JSONWriter(capacity: 64)
        json.raw(#","request_id":"#)
        json.value(id ?? .null)
        json.raw("}")
        return json.bytes
    }
}

extension APIError {
    /// The error object with when to come back, and with further members.
    func body(trailer: [UInt8]) -> [UInt8] {
        var json = JSONWriter()
        writeOpen(into: &json, retries: true)
        json.bytes += trailer
        return json.bytes
    }
}
