import ArgumentParser
import MartletEngine

/// How much a served model takes on, and when it gives up.
struct LimitOptions: ParsableArguments {
    @Option(help: "The most requests that are worked on at a time; by default --max-num-seqs.")
    var maxConcurrentRequests: Quantity?

    @Option(help: "The share of those above which new requests wait, 0 to 1.")
    var backpressureThreshold: Double?

    @Option(
        name: [.long, .customLong("max-num-queued-reqs")],
        help: "The most requests that wait beside those; further ones are refused.")
    var maxQueueSize: Quantity?

    @Option(help: "The most prompt tokens of all waiting requests; 0 for no limit.")
    var maxNumQueuedTokens: Quantity?

    @Option(help: "How many seconds a request may wait for its turn; 0 for no limit.")
    var queueTimeout: Double?

    @Option(help: "How many seconds a request may take in all; 0 for no limit.")
    var requestTimeout: Double?

    @Option(help: "The share of the processors in others' use from which requests are refused.")
    var cpuThreshold: Double?

    @Option(help: "The share of the accelerator's time in use from which they are.")
    var gpuThreshold: Double?

    @Option(help: "The share of the machine's memory in use from which they are; 1 for never.")
    var memoryThreshold: Double?

    @Option(help: "How many seconds output may wait for a reader before its request is cut.")
    var readerTimeout: Double?

    @Option(help: "The most bytes of output that wait for a reader before its request is cut.")
    var maxUnreadBytes: Quantity?

    mutating func validate() throws {
        for (name, value) in [
            ("--max-concurrent-requests", maxConcurrentRequests?.value),
            ("--max-unread-bytes", maxUnreadBytes?.value),
        ] {
            if let value, value < 1 { throw ValidationError("\(name) must be at least 1.") }
        }
        for (name, value) in [
            ("--backpressure-threshold", backpressureThreshold),
            ("--cpu-threshold", cpuThreshold), ("--gpu-threshold", gpuThreshold),
            ("--memory-threshold", memoryThreshold),
        ] {
            if let value, !(0...1).contains(value) {
                throw ValidationError("\(name) must be from 0 to 1.")
            }
        }
        for (name, value) in [
            ("--queue-timeout", queueTimeout), ("--request-timeout", requestTimeout),
        ] {
            if let value, !(0...1e9).contains(value) {
                throw ValidationError("\(name) must be a number of seconds, not negative.")
            }
        }
        if let readerTimeout, !(0.001...1e9).contains(readerTimeout) {
            throw ValidationError("--reader-timeout must be a positive number of seconds.")
        }
    }

    /// Sets what is given in a configuration.
    func apply(to configuration: inout AsyncEngineConfiguration) {
        configuration.maximumConcurrentRequestCount = maxConcurrentRequests?.value
        if let backpressureThreshold {
            configuration.backpressureThreshold = backpressureThreshold
        }
        if let maxQueueSize { configuration.maximumQueueSize = maxQueueSize.value }
        if let count = maxNumQueuedTokens?.value {
            configuration.maximumQueuedTokenCount = count == 0 ? nil : count
        }
        if let queueTimeout { configuration.queueTimeout = Self.limit(queueTimeout) }
        if let requestTimeout { configuration.requestTimeout = Self.limit(requestTimeout) }
        if let readerTimeout { configuration.readerTimeout = .seconds(readerTimeout) }
        if let maxUnreadBytes { configuration.maximumUnreadByteCount = maxUnreadBytes.value }
        if let cpuThreshold { configuration.loadThresholds.cpu = cpuThreshold }
        if let gpuThreshold { configuration.loadThresholds.gpu = gpuThreshold }
        if let memoryThreshold { configuration.loadThresholds.memory = memoryThreshold }
    }

    private static func limit(_ seconds: Double) -> Duration? {
        seconds == 0 ? nil : .seconds(seconds)
    }
}
