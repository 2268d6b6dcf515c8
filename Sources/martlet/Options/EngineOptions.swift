import ArgumentParser
import FoundationEssentials
import MartletEngine

/// The model and how it is run: the same for every command, named as vLLM names them.
struct EngineOptions: ParsableArguments {
    @Argument(help: "A checkpoint's directory, or a name in the Hugging Face cache.")
    var positionalModel: String?

    @Option(name: .customLong("model"), help: "The same, as an option.")
    var modelOption: String?

    @Option(help: "Type of the weights in memory: auto, float32, bfloat16 or float16.")
    var dtype = "auto"

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Quantize the weights at load.", valueName: "name"))
    var quantization: QuantizationName?

    @Option(help: "The most tokens of prompt and output together; 4k is 4000, 4K is 4096.")
    var maxModelLen: Quantity?

    @Option(help: "The most sequences in a step.")
    var maxNumSeqs: Quantity?

    @Option(help: "The most tokens in a step.")
    var maxNumBatchedTokens: Quantity?

    @Option(help: "Size of the KV cache: 2GiB, 512M. By default a share of the free memory.")
    var kvCacheMemoryBytes: Quantity?

    @Option(help: "Tokens in a block of the KV cache, a multiple of 16.")
    var blockSize: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Whether prompts reuse what earlier ones with the same beginning computed.")
    var enablePrefixCaching = true

    @Option(help: "Where the prefix cache is kept over restarts; by default in memory only.")
    var prefixCacheDir: String?

    @Option(help: "The most bytes that the prefix cache takes there: 8GiB.")
    var prefixCacheSize: Quantity?

    @Option(help: "Type of keys and values in memory: auto, which is the model's, or int8.")
    var kvCacheDtype = "auto"

    @Option(help: "The order of waiting requests: fcfs, priority or fair.")
    var schedulingPolicy = Policy.fcfs

    @Option(help: "A chat template, or a file with one, in place of the model's own.")
    var chatTemplate: String?

    @Option(help: "The most log probabilities that a request may ask for; -1 for no limit.")
    var maxLogprobs: Int?

    @Option(help: "Seed of requests that bring none.")
    var seed: UInt64?

    @Option(help: "Threads that compute; by default as many as the system grants.")
    var threads: Int?

    @Option(help: "After how many seconds a step counts as stuck.")
    var stepTimeout: Double?

    @Option(help: "Least level of log lines: trace, debug, info, notice, warning, error.")
    var logLevel = "info"

    @Flag(help: "Do not log throughput every ten seconds.")
    var disableLogStats = false

    @OptionGroup(title: "Accepted for compatibility")
    var ignored: IgnoredOptions

    enum Policy: String, ExpressibleByArgument, CaseIterable {
        case fcfs, priority, fair
    }

    var model: String? { modelOption ?? positionalModel }

    mutating func validate() throws {
        if modelOption != nil, positionalModel != nil {
            throw ValidationError("Give the model once: as an argument or with --model.")
        }
        for (name, value) in [
            ("--max-model-len", maxModelLen?.value), ("--max-num-seqs", maxNumSeqs?.value),
            ("--max-num-batched-tokens", maxNumBatchedTokens?.value),
            ("--kv-cache-memory-bytes", kvCacheMemoryBytes?.value), ("--threads", threads),
            ("--block-size", blockSize), ("--prefix-cache-size", prefixCacheSize?.value),
        ] {
            if let value, value < 1 { throw ValidationError("\(name) must be at least 1.") }
            if let value, name == "--block-size", value > 1 << 16 {
                throw ValidationError("--block-size must be at most 65536.")
            }
            if let value, name == "--max-num-batched-tokens", value > 1 << 20 {
                throw ValidationError("--max-num-batched-tokens must be at most 1048576.")
            }
        }
        if let stepTimeout, !(0.001...1e9).contains(stepTimeout) {
            throw ValidationError("--step-timeout must be a positive number of seconds.")
        }
    }

    /// The engine's configuration for a checkpoint.
    func configuration(directory: String) throws -> AsyncEngineConfiguration {
        var configuration = AsyncEngineConfiguration(model: directory)
        configuration.dtype = dtype
        configuration.quantization = quantization?.value
        configuration.maximumModelLength = maxModelLen?.value
        if let maxNumSeqs { configuration.maximumSequenceCount = maxNumSeqs.value }
        if let maxNumBatchedTokens {
            configuration.maximumBatchedTokenCount = maxNumBatchedTokens.value
        }
        configuration.kvCacheMemoryByteCount = kvCacheMemoryBytes?.value
        if let blockSize { configuration.blockSize = blockSize }
        configuration.enablesPrefixCaching = enablePrefixCaching
        configuration.prefixCacheDirectory = prefixCacheDir
        if let prefixCacheSize { configuration.prefixCacheByteCount = prefixCacheSize.value }
        configuration.kvCacheDType = kvCacheDtype
        configuration.schedulingPolicy = schedulingPolicy.value
        if let stepTimeout { configuration.stepTimeout = .seconds(stepTimeout) }
        configuration.chatTemplate = try chatTemplate.map(Self.template)
        if let maxLogprobs { configuration.maximumLogprobCount = maxLogprobs }
        configuration.seed = seed
        configuration.threadCount = threads
        return configuration
    }

    /// A template given as text, or in a file.
    private static func template(_ argument: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: argument) else {
            guard argument.contains("{%") || argument.contains("{{") else {
                throw CommandFailure.report(
                    "--chat-template: '\(argument)' is neither a file nor a template")
            }
            return argument
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CommandFailure.report("--chat-template: \(argument) is not UTF-8 text")
        }
        return text
    }
}

extension EngineOptions.Policy {
    fileprivate var value: AsyncEngineConfiguration.SchedulingPolicy {
        switch self {
        case .fcfs: .fcfs
        case .priority: .priority
        case .fair: .fair
        }
    }
}
