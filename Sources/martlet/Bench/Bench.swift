import ArgumentParser

/// `martlet bench`.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure kernels, an engine, or a server.",
        subcommands: [
            BenchKernels.self, BenchLatency.self, BenchThroughput.self, BenchMemory.self,
            BenchStartup.self, BenchServe.self, BenchCompare.self,
        ])
}
