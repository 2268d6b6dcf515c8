import MartletEngine
import MartletJSON

/// A plan that has been admitted by the engine. Letting go of it cancels what is still open.
final class GenerationRun: Sendable {
    /// Keeps the model in memory.
    private let model: ModelLease
    private let streams: [GenerationStream]
    private let format: any ResponseFormat
    private let transport: FrameBuffer.Transport
    private let status: ServerStatus

    /// Starts every request of a plan, or none.
    ///
    /// - Parameter transport: How to frame objects, where not as the format does over HTTP.
    init(
        _ plan: GenerationPlan, status: ServerStatus, transport: FrameBuffer.Transport? = nil
    ) async throws {
        guard !status.isDraining else {
            throw APIError.unavailable("The server is shutting down.")
        }
        var streams: [GenerationStream] = []
        for request in plan.requests {
            streams.append(try await plan.model.engine.generate(request))
        }
        var format = plan.format
        format.begin(streams)
        model = plan.model
        self.streams = streams
        self.format = format
        self.transport = transport ?? format.transport
        self.status = status
        status.beginRequest()
    }

    deinit {
        status.endRequest()
    }

    /// Ends the generation because the client asks for it.
    func cancel() {
        for stream in streams { stream.cancel() }
    }

    /// Ends the generation because nobody is there to read it.
    func disconnect() {
        for stream in streams { stream.disconnect() }
    }

    /// Calls back if the output is read too slowly, so that a task that is stuck in writing it can
    /// be freed. Called on the engine's thread.
    func whenCut(_ callback: @escaping @Sendable () -> Void) {
        for stream in streams { stream.whenCut(callback) }
    }

    /// Waits for all of the output and encodes it as one object.
    func collect() async throws -> [UInt8] {
        let results = try await withThrowingTaskGroup(of: (Int, GenerationResult).self) { group in
            for (index, stream) in streams.enumerated() {
                group.addTask { (index, try await stream.collect()) }
            }
            var results: [(Int, GenerationResult)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
        var json = JSONWriter(capacity: 1024)
        format.encodeWhole(results, into: &json)
        return json.bytes
    }

    /// Hands over the output as it comes, framed, and the end of the stream.
    ///
    /// - Throws: What `send` throws. Errors of the generation become part of the stream.
    func forward(_ send: (FrameBuffer) async throws -> Void) async throws {
        var format = format
        var frames = FrameBuffer(transport)
        do {
            try await StreamMerger.forEach(of: streams) { promptIndex, output in
                format.encode(output, promptIndex: promptIndex, into: &frames)
                guard !frames.isEmpty else { return }
                do {
                    try await send(frames)
                } catch {
                    throw SendFailure(cause: error)
                }
                frames.removeAll()
            }
            format.encodeEnd(into: &frames)
        } catch let failure as SendFailure {
            disconnect()
            throw failure.cause
        } catch {
            disconnect()
            frames.removeAll()
            frames.error(APIError(describing: error))
        }
        frames.terminate()
        if !frames.isEmpty { try await send(frames) }
    }

    /// Tells a broken connection from a failed generation.
    private struct SendFailure: Error {
        let cause: any Error
    }
}
