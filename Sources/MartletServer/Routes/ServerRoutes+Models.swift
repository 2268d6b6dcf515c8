import FoundationEssentials
import Hummingbird
import MartletEngine
import MartletJSON
import OrderedCollections

extension ServerRoutes {
    func addModels(to router: Router<Context>) {
        router.get("v1/models") { _, _ in await openAIModels() }
        router.get("models") { _, _ in await models() }
    }

    /// OpenAI's list, with vLLM's members.
    private func openAIModels() async -> Response {
        let created = Int(Date().timeIntervalSince1970)
        var json = JSONWriter(capacity: 1024)
        json.raw(#"{"object":"list","data":["#)
        var isFirst = true
        for model in catalog.models {
            let information = await information(of: model)
            for name in model.names {
                if !isFirst { json.raw(",") }
                isFirst = false
                json.raw(#"{"id":"#)
                json.string(name)
                json.raw(#","object":"model","created":"#)
                json.integer(created)
                json.raw(#","owned_by":"vllm","root":"#)
                json.string(model.root)
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
    private func models() async -> Response {
        var list: [JSONValue] = []
        for model in catalog.models { list.append(await description(of: model)) }
        let body: JSONValue = ["object": "list", "data": .array(list)]
        return Response(json: body.serialized)
    }

    private func description(of model: ModelCatalog.Model) async -> JSONValue {
        var members: JSONObject = [
            "id": .string(model.name),
            "aliases": .array(model.names.dropFirst().map { .string($0) }),
        ]
        let state = model.engine.state
        members["state"] = .string(state.name)
        if case .loading(let fraction) = state { members["progress"] = .number(fraction) }
        if case .failed(let error) = state { members["error"] = .string(error.message) }
        members["directory"] = .string(model.root)
        guard let information = await information(of: model) else { return .object(members) }
        let statistics = model.engine.statistics
        members["architecture"] = .string(information.architecture)
        members["dtype"] = .string(information.dtype)
        members["parameter_count"] = .integer(information.parameterCount)
        members["weight_bytes"] = .integer(information.weightByteCount)
        members["vocabulary_size"] = .integer(information.vocabularySize)
        members["max_model_len"] = .integer(information.maximumModelLength)
        members["has_chat_template"] = .bool(information.hasChatTemplate)
        members["kv_cache"] = [
            "block_size": .integer(information.blockSize),
            "blocks": .integer(information.blockCount),
            // There are no statistics before the first step.
            "free_blocks": .integer(
                statistics.stepCount == 0 ? information.blockCount : statistics.freeBlockCount),
            "usage": .number(statistics.cacheUsage),
        ]
        members["requests"] = [
            "running": .integer(statistics.runningCount),
            "waiting": .integer(statistics.waitingCount),
        ]
        return .object(members)
    }

    /// What is known once the model is loaded; does not wait for that.
    private func information(of model: ModelCatalog.Model) async -> ModelInformation? {
        switch model.engine.state {
        case .ready, .paused, .sleeping, .draining: try? await model.engine.modelConfiguration
        case .idle, .loading, .stopped, .failed: nil
        }
    }
}
