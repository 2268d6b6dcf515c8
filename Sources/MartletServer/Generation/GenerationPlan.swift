import MartletEngine
import MartletJSON

/// A request of a client, made ready for the engine: what to generate, and how to answer.
struct GenerationPlan: Sendable {
    /// Keeps the model in memory.
    let model: ModelLease
    /// One for each prompt.
    let requests: [GenerationRequest]
    /// Whether the client wants pieces as they come.
    let streams: Bool
    var format: any ResponseFormat
}

/// Turns outputs into the objects of one endpoint.
protocol ResponseFormat: Sendable {
    /// Learns about the prompts before any output: called once.
    mutating func begin(_ streams: [GenerationStream])

    /// Writes the answer to a request that is not streamed; one result for each prompt.
    func encodeWhole(_ results: [GenerationResult], into json: inout JSONWriter)

    /// Writes the objects for one piece of the output of prompt `promptIndex`.
    mutating func encode(
        _ output: GenerationOutput, promptIndex: Int, into frames: inout FrameBuffer)

    /// Writes what follows the last piece.
    mutating func encodeEnd(into frames: inout FrameBuffer)

    /// How a stream is framed over HTTP.
    var transport: FrameBuffer.Transport { get }
}
