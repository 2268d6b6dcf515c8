import ArgumentParser

/// vLLM's flags that make no difference here, so that its command lines work as they are.
struct IgnoredOptions: ParsableArguments {
    @Flag(help: .hidden) var enforceEager = false
    @Flag(help: .hidden) var trustRemoteCode = false
    @Flag(help: .hidden) var disableCustomAllReduce = false
    @Flag(inversion: .prefixedNo, help: .hidden) var asyncScheduling = true
    @Flag(inversion: .prefixedNo, help: .hidden) var enableChunkedPrefill = true
    @Flag(help: .hidden) var disableLogStats = false
    @Flag(help: .hidden) var disableLogRequests = false
    @Flag(help: .hidden) var disableUvicornAccessLog = false
    @Option(help: .hidden) var compilationConfig: String?
    @Option(help: .hidden) var swapSpace: String?
    @Option(help: .hidden) var apiServerCount: Int?
    @Option(help: .hidden) var distributedExecutorBackend: String?
    @Option(help: .hidden) var modelImpl: String?
    @Option(help: .hidden) var gpuMemoryUtilization: Double?
    @Option(help: .hidden) var uvicornLogLevel: String?
    @Option(name: [.long, .customLong("tp", withSingleDash: true)], help: .hidden)
    var tensorParallelSize = 1

    mutating func validate() throws {
        if tensorParallelSize != 1 {
            throw ValidationError(
                "--tensor-parallel-size must be 1: a model runs in one process here.")
        }
    }

    /// The flags that were given and do nothing.
    var notes: [String] {
        let given: [(String, Bool)] = [
            ("--enforce-eager", enforceEager), ("--trust-remote-code", trustRemoteCode),
            ("--disable-custom-all-reduce", disableCustomAllReduce),
            ("--no-async-scheduling", !asyncScheduling),
            ("--no-enable-chunked-prefill", !enableChunkedPrefill),
            ("--compilation-config", compilationConfig != nil),
            ("--swap-space", swapSpace != nil), ("--api-server-count", apiServerCount != nil),
            ("--distributed-executor-backend", distributedExecutorBackend != nil),
            ("--model-impl", modelImpl != nil),
            ("--gpu-memory-utilization", gpuMemoryUtilization != nil),
        ]
        return given.filter(\.1).map { "\($0.0) has no effect here" }
    }
}

extension ArgumentHelp {
    fileprivate static var hidden: ArgumentHelp { ArgumentHelp(visibility: .hidden) }
}
