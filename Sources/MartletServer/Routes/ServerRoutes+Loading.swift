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
            if let definition = load.definition { try await models.add(definition) }
            try await models.load(try models.status(named: load.name).name)
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

    private func answer(_ name: String) throws -> Response {
        let model = try models.status(named: name)
        let body: JSONValue = [
            "success": true, "model": .string(model.name), "state": .string(model.state.name),
        ]
        return Response(json: body.serialized)
    }
}
