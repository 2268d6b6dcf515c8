import AsyncHTTPClient
import FoundationEssentials
import MartletJSON
import NIOCore
import NIOHTTP1

/// A client of OpenAI's completions.
struct CompletionClient: Sendable {
    private let client: HTTPClient
    private let baseURL: String
    private let headers: HTTPHeaders
    private let timeout: TimeAmount
    /// More than any answer of a completion endpoint that is not streamed.
    private static let bodyLimit = 1 << 20

    /// What a request came to.
    struct Outcome: Sendable {
        /// Seconds from the request to each chunk with output.
        var arrivals: [Double] = []
        /// Seconds to the end of the answer.
        var duration = 0.0
        var promptTokenCount = 0
        var outputTokenCount = 0
    }

    /// Why a request has no outcome.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(baseURL: String, apiKey: String?, timeoutSeconds: Int, concurrency: Int) {
        var url = baseURL
        while url.hasSuffix("/") { url.removeLast() }
        if url.hasSuffix("/v1") { url.removeLast(3) }
        self.baseURL = url
        var headers: HTTPHeaders = ["content-type": "application/json"]
        if let key = apiKey ?? ProcessInfo.processInfo.environment["OPENAI_API_KEY"] {
            headers.add(name: "authorization", value: "Bearer \(key)")
        }
        self.headers = headers
        timeout = .seconds(Int64(timeoutSeconds))
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        configuration.httpVersion = .http1Only
        client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func shutdown() async throws {
        try await client.shutdown()
    }

    /// The name of the first model that the server lists.
    func firstModel() async throws -> String {
        var request = HTTPClientRequest(url: baseURL + "/v1/models")
        request.headers = headers
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, timeout: timeout)
        } catch {
            throw Failure(description: "no server answers at \(baseURL): \(error)")
        }
        let body = try await response.body.collect(upTo: Self.bodyLimit)
        let name = (try? JSONValue(parsing: body.readableBytesView))?["data"]?.array?
            .first?["id"]?.string
        guard let name else {
            throw Failure(
                description: "\(baseURL)/v1/models lists no model (status \(response.status.code))")
        }
        return name
    }

    /// Streams one completion and notes when its chunks arrive.
    func complete(_ prompt: [Int32], model: String, outputLength: Int) async throws -> Outcome {
        var request = HTTPClientRequest(url: baseURL + "/v1/completions")
        request.method = .POST
        request.headers = headers
        request.body = .bytes(
            ByteBuffer(bytes: body(prompt, model: model, outputLength: outputLength)))
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await client.execute(request, timeout: timeout)
        guard response.status == .ok else {
            let body = try await response.body.collect(upTo: Self.bodyLimit)
            let message = (try? JSONValue(parsing: body.readableBytesView))?["error"]?["message"]
            throw Failure(
                description: "status \(response.status.code): \(message?.string ?? "no message")")
        }
        var outcome = Outcome()
        var parser = EventParser()
        for try await buffer in response.body {
            let now = (clock.now - start).seconds
            for event in parser.append(buffer.readableBytesView) {
                try outcome.note(event, at: now)
            }
        }
        outcome.duration = (clock.now - start).seconds
        guard parser.hasEnded else { throw Failure(description: "the stream was cut") }
        return outcome
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

extension CompletionClient.Outcome {
    /// Notes a chunk of the stream.
    fileprivate mutating func note(_ event: JSONValue, at seconds: Double) throws {
        if let message = event["error"]?["message"]?.string {
            throw CompletionClient.Failure(description: message)
        }
        if let choices = event["choices"]?.array, !choices.isEmpty { arrivals.append(seconds) }
        if let usage = event["usage"] {
            promptTokenCount = usage["prompt_tokens"]?.integer ?? promptTokenCount
            outputTokenCount = usage["completion_tokens"]?.integer ?? outputTokenCount
        }
    }
}
