import Hummingbird
import MartletEngine
import MartletJSON

/// Which models are in memory, by the operator's word.
extension ServerRoutes {
    func addLoading(to router: Router<Context>) {
        router.post("models/load") { request, _ in
            let load = try await decode(request) { body throws(APIError) in
                try LoadModelRequest(body: body)
            }
            do {
                if let definition = load.definition { try await models.add(definition) }
                try await models.load(try models.status(named: load.name).name)
            } catch let error as EngineError where Self.isForOperators(error) {
                throw APIError.badRequest(error.message, param: "model")
            }
            return try answer(load.name)
        }
        router.post("models/unload") { request, _ in
            let name = try await decode(request) { body throws(APIError) in
                try LoadModelRequest(body: body).name
            }
            try await models.unload(try models.status(named: name).name)
            return try answer(name)
        }
    }

    /// Whether to tell what else only the log says: who loads models has named the files.
    private static func isForOperators(_ error: EngineError) -> Bool {
        [.invalidConfiguration, .loadingFailed, .insufficientMemory].contains(error.code)
    }

    private func answer(_ name: String) throws -> Response {
        let model = try models.status(named: name)
        let body: JSONValue = [
            "success": true, "model": .string(model.name), "state": .string(model.state.name),
        ]
        return Response(json: body.serialized)
    }
}
