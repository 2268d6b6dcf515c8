import ArgumentParser
import Dispatch
import MartletEngine

/// `martlet quantize`.
struct Quantize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Pack a model, quantized or not, so that it loads in no time.",
        discussion: """
            Reads a checkpoint and writes a directory that every other command takes for a model. \
            Its weights lie as the processor reads them, so they are mapped and not loaded, and \
            several processes share them.

            int8 keeps a scale for each output. int4 keeps a scale and a minimum for each group of \
            32 inputs; int4-g64 and int4-g128 have larger groups, and -sym after any of them leaves \
            out the minimum. The rows of the vocabulary are int8 then. none keeps the weights as \
            they are.

            The directory gets its name when it is complete. Ctrl-C leaves nothing behind.
            """)

    @Argument(help: "A checkpoint's directory, or a name in the Hugging Face cache.")
    var model: String?

    @Option(name: .shortAndLong, help: "The directory to make.")
    var output: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("How weights are quantized.", valueName: "name"))
    var quantization = QuantizationName(.int8)

    @Option(help: "Type of what is not quantized: auto, float32, bfloat16 or float16.")
    var dtype = "auto"

    @Option(help: "Threads that pack; by default as many as the system grants.")
    var threads: Int?

    @Flag(help: "Replace the directory if it is an earlier output.")
    var force = false

    mutating func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
    }

    func run() async throws {
        let signals = Signals([Signals.interrupt, Signals.terminate])
        let location = try ModelLocator().locate(model)
        var packer = ModelPacker(model: location.directory, output: output)
        packer.quantization = quantization.value
        packer.dtype = dtype
        packer.threadCount = threads
        packer.replacesOutput = force
        let bar = ProgressBar(name: location.name, verb: "packing")
        do {
            let byteCount = try await Self.pack(packer, bar, until: signals)
            bar.end()
            StandardOutput.write(
                """
                \(output): \(byteCount / 1_000_000) MB of weights, \(quantization.value)

                  martlet serve \(output)

                """)
        } catch {
            bar.end()
            if let error = error as? EngineError { throw CommandFailure.report(error.message) }
            throw error
        }
    }

    /// Packs on a thread of its own. The first signal ends that early, a second one the process.
    private static func pack(
        _ packer: ModelPacker, _ bar: ProgressBar, until signals: Signals
    ) async throws -> Int {
        let stop = StopRequest()
        defer { signals.end() }
        return try await withThrowingTaskGroup(of: Int?.self) { tasks in
            tasks.addTask {
                try await onThread {
                    try packer.run(
                        progress: { bar.update($0.fraction) },
                        isCancelled: { stop.signal != nil })
                }
            }
            tasks.addTask {
                for await signal in signals.received {
                    if stop.signal != nil { Signals.exitProcess(after: signal) }
                    stop.request(signal)
                }
                return nil
            }
            defer { tasks.cancelAll() }
            do {
                return try await tasks.next()?.flatMap { $0 } ?? 0
            } catch {
                guard let signal = stop.signal, (error as? EngineError)?.code == .cancelled
                else { throw error }
                bar.end()
                throw CommandFailure.report("stopped; nothing was written", ExitCode(128 + signal))
            }
        }
    }

    private static func onThread<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "martlet.quantize").async {
                continuation.resume(with: Result { try body() })
            }
        }
    }
}
