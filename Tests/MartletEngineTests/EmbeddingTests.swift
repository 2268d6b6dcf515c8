import Dispatch
import MartletEngine
import NIOCore
import NIOPosix
import Testing

/// The examples of `docs/embedding.md`.
@Suite(.timeLimit(.minutes(1))) struct EmbeddingTests {
    private let expected = String(
        decoding: ShadowExecutor.continuation(
            of: "Hello".utf8.map { Int32($0) }, count: 16
        ).map { UInt8($0) }, as: UTF8.self)

    private var request: GenerationRequest { .text("Hello", count: 16) }

    @Test func `a command-line tool awaits`() async throws {
        let engine = TestEngine().make()
        try await engine.start { progress in #expect(progress.fraction <= 1) }
        var text = ""
        for try await output in try await engine.generate(request) { text += output.text }
        await engine.stop()
        #expect(text == expected)
    }

    @Test func `a program without tasks holds its thread`() async throws {
        let request = request
        let text = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "main").async {
                continuation.resume(
                    with: Result {
                        let engine = TestEngine().make()
                        try engine.startBlocking()
                        let text = try engine.generateBlocking(request).text
                        try engine.stopBlocking()
                        return text
                    })
            }
        }
        #expect(text == expected)
    }

    @Test func `an event loop gets its answer where it wants it`() async throws {
        let request = request
        try await TestEngine().withEngine { engine in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
            let loop = group.next()
            let answer: EventLoopFuture<String> = loop.makeFutureWithTask {
                try await engine.generate(request).collect().text
            }
            let isOnLoop = answer.map { _ in loop.inEventLoop }
            #expect(try await answer.get() == expected)
            #expect(try await isOnLoop.get())
            try await group.shutdownGracefully()
        }
    }
}
