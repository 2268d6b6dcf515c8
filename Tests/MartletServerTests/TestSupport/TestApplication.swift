import Hummingbird
import HummingbirdTesting
import HTTPTypes
import MartletEngine
import MartletServer
import NIOCore

/// Runs requests against a server on a ``TestModel``, in process.
struct TestApplication {
    var model = TestModel()
    var configuration = ServerConfiguration()

    /// What came back.
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String
        /// The text with what differs from run to run made equal: ids, times and fingerprints.
        var stable: String { Stable.text(text) }
    }

    /// Runs `body` with a client.
    func run(_ body: @Sendable (Client) async throws -> Void) async throws {
        try await model.engine.start()
        let server = MartletServer(
            models: try TestModel.manager([model]), configuration: configuration)
        do {
            try await server.makeApplication().test(.router) { client in
                try await body(Client(client: client))
            }
        } catch {
            await model.engine.stop()
            throw error
        }
        await model.engine.stop()
    }

    struct Client: Sendable {
        let client: any TestClientProtocol

        func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer {
            try await send(path, .get, headers: headers, body: nil)
        }

        /// Posts JSON.
        func post(
            _ path: String, _ body: String, headers: HTTPFields = [:]
        ) async throws -> Answer {
            var headers = headers
            if headers[.contentType] == nil { headers[.contentType] = "application/json" }
            return try await send(path, .post, headers: headers, body: body)
        }

        func send(
            _ path: String, _ method: HTTPRequest.Method, headers: HTTPFields, body: String?
        ) async throws -> Answer {
            let response = try await client.executeRequest(
                uri: path, method: method, headers: headers,
                body: body.map { ByteBuffer(string: $0) })
            return Answer(
                status: response.status.code, headers: response.headers,
                text: String(buffer: response.body))
        }
    }
}

/// Makes texts comparable.
enum Stable {
    static func text(_ text: String) -> String {
        text.replacing(/"id":"(?:cmpl|chatcmpl)-[0-9a-f]{16}"/, with: #""id":"ID""#)
            .replacing(/"created":[0-9]{10}/, with: #""created":0"#)
            .replacing(/martlet-[0-9]+\.[0-9]+\.[0-9]+-[0-9a-f]{8}/, with: "FP")
            .replacing(/modelperm-[0-9a-f]{16}/, with: "modelperm-R")
    }
}
