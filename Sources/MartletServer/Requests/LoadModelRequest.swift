import MartletEngine
import MartletJSON

/// The body of `POST /models/load` and `/models/unload`.
struct LoadModelRequest: Hashable {
    /// Which model.
    let name: String
    /// A model that was not declared before: the members `path`, `pinned` and `keep_alive`.
    let definition: ModelDefinition?

    init(body: JSONValue) throws(APIError) {
        guard let name = body["model"]?.string, !name.isEmpty else {
            throw .badRequest("Name the model to load or unload.", param: "model")
        }
        self.name = name
        guard let path = body["path"] else {
            definition = nil
            return
        }
        guard let path = path.string, !path.isEmpty else {
            throw .badRequest("The path is a checkpoint's directory.", param: "path")
        }
        var definition = ModelDefinition(names: [name], configuration: .init(model: path))
        if let pinned = body["pinned"] {
            guard let isPinned = pinned.bool else {
                throw .badRequest("pinned is true or false.", param: "pinned")
            }
            definition.isPinned = isPinned
        }
        if let keepAlive = body["keep_alive"], keepAlive != .null {
            guard let seconds = keepAlive.double, seconds >= 0, seconds < 1e9 else {
                throw .badRequest("keep_alive is a number of seconds.", param: "keep_alive")
            }
            definition.keepAlive = .seconds(seconds)
        }
        self.definition = definition
    }
}
