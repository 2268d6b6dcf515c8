import ArgumentParser

/// `martlet bench`.
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure kernels, an engine, or a server.",
        subcommands: [BenchKernels.self, BenchThroughput.self, BenchServe.self])
}
