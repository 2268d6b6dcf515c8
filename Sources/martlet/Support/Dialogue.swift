import MartletEngine

/// A conversation over the standard streams.
struct Dialogue {
    private let engine: AsyncEngine
    private let sampling: SamplingParameters
    private let beginning: [ChatMessage]
    private var messages: [ChatMessage]
    private let isInteractive = StandardInput.isTerminal

    init(engine: AsyncEngine, sampling: SamplingParameters, systemPrompt: String?) {
        self.engine = engine
        self.sampling = sampling
        beginning = systemPrompt.map { [.system($0)] } ?? []
        messages = beginning
    }

    /// Takes turns until the input ends or the person leaves.
    mutating func run() async throws {
        let signals = Signals([Signals.interrupt])
        defer { signals.end() }
        let interrupts = InterruptSwitch()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                for await _ in signals.received { interrupts.interrupt() }
            }
            try await takeTurns(interrupts)
            tasks.cancelAll()
        }
    }

    private mutating func takeTurns(_ interrupts: InterruptSwitch) async throws {
        while let line = await LineReader.next(prompt: isInteractive ? "> " : nil) {
            let text = String(line.drop(while: \.isWhitespace))
            switch text {
            case "": continue
            case "/exit", "/quit": return
            case "/clear":
                messages = beginning
                if isInteractive { StandardError.write("The conversation starts over.\n") }
            case _ where text.hasPrefix("/"):
                StandardError.write("Unknown command \(text); there are /clear and /exit.\n")
            default: try await answer(text, interrupts)
            }
        }
    }

    /// One turn of each side. A turn that fails is taken back, so that the next one can be other.
    private mutating func answer(_ text: String, _ interrupts: InterruptSwitch) async throws {
        messages.append(.user(text))
        var reply = ""
        do {
            let request = GenerationRequest(prompt: .chat(messages), sampling: sampling)
            let stream = try await engine.generate(request)
            interrupts.arm { stream.cancel() }
            defer { interrupts.disarm() }
            for try await output in stream {
                reply += output.text
                StandardOutput.write(output.text)
            }
            StandardOutput.write("\n")
            messages.append(.assistant(reply))
        } catch let error as EngineError {
            messages.removeLast()
            StandardError.write("martlet: \(error.message)\n")
            if error.code == .promptTooLong { StandardError.write("/clear starts over.\n") }
            if error.code == .engineStopped { throw error }
        }
    }
}
