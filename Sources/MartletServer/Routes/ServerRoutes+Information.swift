import FoundationEssentials
import Hummingbird
import MartletEngine
import MartletJSON
import OrderedCollections

extension ServerRoutes {
    /// How the server is set up: as text, or as JSON where `config_format` says so. Keys are not
    /// part of it.
    func serverInformation(_ request: Request) throws(APIError) -> Response {
        let format = request.uri.queryParameters["config_format"].map(String.init) ?? "text"
        guard format == "text" || format == "json" else {
            throw .badRequest(
                "config_format must be text or json.", param: "config_format",
                value: String(format.prefix(64)))
        }
        var models: JSONObject = [:]
        for model in self.models.statuses {
            models[model.name] = Self.description(of: model.definition.configuration)
        }
        let configuration: JSONValue = .object(models)
        let process = ProcessInfo.processInfo
        let body: JSONValue = [
            "vllm_config": format == "json"
                ? configuration
                : .string(String(decoding: configuration.serialized, as: UTF8.self)),
            "vllm_env": [:],
            "system_env": [
                "martlet_version": .string(MartletVersion.string),
                "os": .string(process.operatingSystemVersionString),
                "processors": .integer(process.activeProcessorCount),
                "memory_bytes": .integer(Int(clamping: process.physicalMemory)),
            ],
        ]
        return Response(json: body.serialized)
    }

    /// The configuration under the names of vLLM's engine arguments.
    private static func description(of configuration: AsyncEngineConfiguration) -> JSONValue {
        let thresholds = configuration.loadThresholds
        return [
            "model": .string(configuration.model), "dtype": .string(configuration.dtype),
            "quantization": configuration.quantization.map { .string($0.description) } ?? .null,
            "max_model_len": integer(configuration.maximumModelLength),
            "max_num_seqs": .integer(configuration.maximumSequenceCount),
            "max_num_batched_tokens": .integer(configuration.maximumBatchedTokenCount),
            "kv_cache_memory_bytes": integer(configuration.kvCacheMemoryByteCount),
            "kv_cache_dtype": .string(configuration.kvCacheDType),
            "block_size": .integer(configuration.blockSize),
            "enable_prefix_caching": .bool(configuration.enablesPrefixCaching),
            "scheduling_policy": .string(configuration.schedulingPolicy.rawValue),
            "max_concurrent_requests": integer(configuration.maximumConcurrentRequestCount),
            "backpressure_threshold": .number(configuration.backpressureThreshold),
            "max_num_queued_reqs": .integer(configuration.maximumQueueSize),
            "max_num_queued_tokens": integer(configuration.maximumQueuedTokenCount),
            "queue_timeout": seconds(configuration.queueTimeout),
            "request_timeout": seconds(configuration.requestTimeout),
            "reader_timeout": seconds(configuration.readerTimeout),
            "max_unread_bytes": .integer(configuration.maximumUnreadByteCount),
            "step_timeout": seconds(configuration.stepTimeout),
            "cpu_threshold": number(thresholds.cpu), "gpu_threshold": number(thresholds.gpu),
            "memory_threshold": number(thresholds.memory),
            "max_logprobs": .integer(configuration.maximumLogprobCount),
            "shutdown_timeout": seconds(configuration.shutdownTimeout),
        ]
    }

    private static func integer(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }

    private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

    private static func seconds(_ value: Duration?) -> JSONValue { number(value?.seconds) }
}
