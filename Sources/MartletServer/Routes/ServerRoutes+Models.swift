import FoundationEssentials
import Hummingbird
import MartletEngine
import MartletJSON
import OrderedCollections

extension ServerRoutes {
    func addModels(to router: Router<Context>) {
        router.get("v1/models") { _, _ in await openAIModels() }
        router.get("models") { _, _ in await list() }
        if configuration.offersOperatorRoutes { addLoading(to: router) }
    }

    /// OpenAI's list, with vLLM's members.
    private func openAIModels() async -> Response {
        let created = Int(Date().timeIntervalSince1970)
        var json = JSONWriter(capacity: 1024)
        json.raw(#"{"object":"list","data":["#)
        var isFirst = true
        for model in models.statuses {
            let information = await information(of: model)
            for name in model.definition.names {
                if !isFirst { json.raw(",") }
                isFirst = false
                json.raw(#"{"id":"#)
                json.string(name)
                json.raw(#","object":"model","created":"#)
                json.integer(created)
                json.raw(#","owned_by":"vllm","root":"#)
                json.string(model.definition.origin)
                json.raw(#","parent":null,"max_model_len":"#)
                json.optionalInteger(information?.maximumModelLength)
                json.raw(#","permission":[{"id":"modelperm-"#)
                json.raw(RandomID.make())
                json.raw(#"","object":"model_permission","created":"#)
                json.integer(created)
                json.raw(Self.permissions)
            }
        }
        json.raw("]}")
        return Response(json: json.bytes)
    }

    private static let permissions: StaticString = """
        ,"allow_create_engine":false,"allow_sampling":true,"allow_logprobs":true,\
        "allow_search_indices":false,"allow_view":true,"allow_fine_tuning":false,\
        "organization":"*","group":null,"is_blocking":false}]}
        """

    /// What is known of each model, whether it can serve or not.
    private func list() async -> Response {
        var list: [JSONValue] = []
        for model in models.statuses { list.append(await description(of: model)) }
        let body: JSONValue = ["object": "list", "data": .array(list)]
        return Response(json: body.serialized)
    }

    private func description(of model: ModelStatus) async -> JSONValue {
        var members: JSONObject = [
            "id": .string(model.name),
            "aliases": .array(model.definition.names.dropFirst().map { .string($0) }),
            "state": .string(ModelHealth(model).state),
        ]
        if case .loading(let fraction) = model.state { members["progress"] = .number(fraction) }
        if case .failed(let error) = model.state { members["error"] = .string(error.message) }
        members["directory"] = .string(model.definition.origin)
        members["pinned"] = .bool(model.definition.isPinned)
        members["keep_alive"] = model.definition.keepAlive.map { .number($0.seconds) } ?? .null
        members["memory_bytes"] = .integer(model.byteCount)
        members["estimated_memory_bytes"] = .integer(model.estimatedByteCount)
        members["idle_seconds"] =
            model.lastUsed.map { .number(($0.duration(to: .now)).seconds) } ?? .null
        if let engine = model.engine, let information = await information(of: model) {
            members.merge(Self.description(of: information, engine.statistics)) { $1 }
        }
        return .object(members)
    }

    private static func description(
        of information: ModelInformation, _ statistics: EngineStatistics
    ) -> JSONObject {
        [
            "architecture": .string(information.architecture),
            "dtype": .string(information.dtype),
            "quantization": .string(information.quantization),
            "parameter_count": .integer(information.parameterCount),
            "weight_bytes": .integer(information.weightByteCount),
            "vocabulary_size": .integer(information.vocabularySize),
            "max_model_len": .integer(information.maximumModelLength),
            "has_chat_template": .bool(information.hasChatTemplate),
            "kv_cache": [
                "block_size": .integer(information.blockSize),
                "blocks": .integer(information.blockCount),
                // There are no statistics before the first step.
                "free_blocks": .integer(
                    statistics.blockCount == 0
                        ? information.blockCount : statistics.freeBlockCount),
                "usage": .number(statistics.cacheUsage),
                "fragmentation": .number(statistics.cacheFragmentation),
            ],
            "requests": [
                "running": .integer(statistics.runningCount),
                "waiting": .integer(statistics.waitingCount),
            ],
        ]
    }

    /// What is known once the model is loaded; does not wait for that.
    private func information(of model: ModelStatus) async -> ModelInformation? {
        switch model.engine?.state {
        case .ready, .paused, .sleeping, .draining: try? await model.engine?.modelConfiguration
        case .idle, .loading, .stopped, .failed, nil: nil
        }
    }
}
