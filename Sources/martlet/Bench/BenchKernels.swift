import ArgumentParser
import MartletTensor

/// `martlet bench kernels`.
struct BenchKernels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Measure each kernel as a fraction of what this machine can do.")

    @Flag(help: "End with one line of JSON.")
    var json = false

    @Option(help: "Threads that compute; by default as many as the system grants.")
    var threads: Int?

    @Option(help: "Seconds to spend on each kernel and shape.")
    var seconds = 0.3

    @Option(help: "The model whose linear layers are measured.")
    var shapes = KernelShapes.qwen3

    @Option(help: "Only what contains this in \"name dtype rows\": \"matmul bfloat16 100\".")
    var only: String?

    mutating func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
        guard seconds > 0, seconds < 1e4 else {
            throw ValidationError("--seconds must be positive.")
        }
    }

    func run() async throws {
        let pool = WorkerPool(threadCount: threads)
        let report = runKernelBenchmark(
            pool: pool, secondsPerKernel: seconds, shapes: shapes, only: only
        ) {
            StandardOutput.write($0 + "\n")
        }
        if json { StandardOutput.write(report.json + "\n") }
    }
}

extension KernelShapes: ExpressibleByArgument {}
