import AsyncHTTPClient
import FoundationEssentials
import MartletJSON
import NIOCore
import NIOHTTP1

/// A client of OpenAI's completions.
///
/// Every request has a connection of its own, since some servers close theirs after a stream
/// without saying so.
struct CompletionClient: Sendable {
    private let client: HTTPClient
    private let baseURL: String
    private let headers: HTTPHeaders
    private let timeout: TimeAmount
    /// More than any answer of a completion endpoint that is not streamed.
    private static let bodyLimit = 1 << 20

    init(baseURL: String, apiKey: String?, timeoutSeconds: Int, concurrency: Int) {
        var url = baseURL
        while url.hasSuffix("/") { url.removeLast() }
        if url.hasSuffix("/v1") { url.removeLast(3) }
        self.baseURL = url
        var headers: HTTPHeaders = ["content-type": "application/json", "connection": "close"]
        if let key = apiKey ?? ProcessInfo.processInfo.environment["OPENAI_API_KEY"] {
            headers.add(name: "authorization", value: "Bearer \(key)")
        }
        self.headers = headers
        timeout = .seconds(Int64(timeoutSeconds))
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Runs `body` with a client, which is shut down afterwards.
    static func with<Result: Sendable>(
        baseURL: String, apiKey: String?, timeoutSeconds: Int, concurrency: Int,
        _ body: (CompletionClient) async throws -> Result
    ) async throws -> Result {
        let client = CompletionClient(
            baseURL: baseURL, apiKey: apiKey, timeoutSeconds: timeoutSeconds,
            concurrency: concurrency)
        do {
            let result = try await body(client)
            try await client.client.shutdown()
            return result
        } catch {
            try? await client.client.shutdown()
            throw error
        }
    }

    /// Whether the server says that it can serve.
    func isHealthy() async -> Bool {
        var request = HTTPClientRequest(url: baseURL + "/health")
        request.headers = headers
        guard let response = try? await client.execute(request, timeout: .seconds(2)) else {
            return false
        }
        _ = try? await response.body.collect(upTo: Self.bodyLimit)
        return response.status == .ok
    }

    /// The name of the first model that the server lists.
    func firstModel() async throws -> String {
        var request = HTTPClientRequest(url: baseURL + "/v1/models")
        request.headers = headers
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: timeout)
        } catch {
            throw RequestFailure(
                "no server answers at \(baseURL): \(error). Start one, or say where one is.")
        }
        let body = try await response.body.collect(upTo: Self.bodyLimit)
        let name = (try? JSONValue(parsing: body.readableBytesView))?["data"]?.array?
            .first?["id"]?.string
        guard let name else {
            throw RequestFailure(
                "\(baseURL)/v1/models lists no model (status \(response.status.code)); "
                    + "name one with --model")
        }
        return name
    }

    /// Streams one completion and notes when its chunks arrive.
    func complete(
        _ prompt: [Int32], model: String, outputLength: Int
    ) async throws -> RequestOutcome {
        var request = HTTPClientRequest(url: baseURL + "/v1/completions")
        request.method = .POST
        request.headers = headers
        request.body = .bytes(
            ByteBuffer(bytes: body(prompt, model: model, outputLength: outputLength)))
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await client.execute(request, timeout: timeout)
        guard response.status == .ok else { throw try await failure(response) }
        var outcome = RequestOutcome()
        var parser = EventParser()
        for try await buffer in response.body {
            let now = (clock.now - start).seconds
            for event in parser.append(buffer.readableBytesView) {
                try outcome.note(event, at: now)
            }
        }
        outcome.duration = (clock.now - start).seconds
        guard parser.hasEnded else { throw RequestFailure("the stream was cut") }
        return outcome
    }

    private func failure(_ response: HTTPClientResponse) async throws -> RequestFailure {
        let body = try await response.body.collect(upTo: Self.bodyLimit)
        let message = (try? JSONValue(parsing: body.readableBytesView))?["error"]?["message"]
        return RequestFailure(
            "status \(response.status.code): \(message?.string ?? "no message")")
    }

    private func body(_ prompt: [Int32], model: String, outputLength: Int) -> [UInt8] {
        let body: JSONValue = [
            "model": .string(model), "prompt": .array(prompt.map { .integer(Int($0)) }),
            "max_tokens": .integer(outputLength), "temperature": 0, "ignore_eos": true,
            "stream": true, "stream_options": ["include_usage": true],
        ]
        return body.serialized
    }
}
