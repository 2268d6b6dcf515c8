import MartletEngine

extension ModelManager {
    /// The model that a request asks for; requests without a name get the first one.
    nonisolated func status(named name: String?) throws(APIError) -> ModelStatus {
        let statuses = statuses
        guard let name, !name.isEmpty else {
            guard let first = statuses.first else {
                throw .unavailable("No model is declared; load one with POST /models/load.")
            }
            return first
        }
        guard let status = statuses.first(where: { $0.definition.names.contains(name) }) else {
            let aliases = statuses.flatMap(\.definition.names)
            throw .unknownModel(String(name.prefix(256)), aliases: aliases)
        }
        return status
    }

    /// The engines of all models that are in memory.
    nonisolated var engines: [AsyncEngine] { statuses.compactMap(\.engine) }
}

extension ModelDefinition {
    /// The name that responses carry.
    var name: String { names.first ?? "" }

    /// Where the model comes from, as `/v1/models` shows it.
    var origin: String { root ?? configuration.model }
}

extension ModelState {
    /// The state in one word.
    var name: String {
        switch self {
        case .unloaded: "unloaded"
        case .loading: "loading"
        case .ready: "ready"
        case .unloading: "unloading"
        case .failed: "failed"
        }
    }
}
