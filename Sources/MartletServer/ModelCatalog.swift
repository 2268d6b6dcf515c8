public import MartletEngine

/// The models that a server offers, under the names that clients use.
public struct ModelCatalog: Sendable {
    /// One model of the catalog.
    public struct Model: Sendable {
        /// What clients may call the model; the first name is the one that responses carry.
        public let names: [String]
        /// What runs the model.
        public let engine: AsyncEngine
        /// Where the model comes from, as `/v1/models` shows it.
        public let root: String

        /// A model under at least one name.
        public init(names: [String], engine: AsyncEngine, root: String? = nil) {
            precondition(!names.isEmpty, "a model needs a name")
            self.names = names
            self.engine = engine
            self.root = root ?? engine.configuration.model
        }

        /// The name that responses carry.
        public var name: String { names[0] }
    }

    /// The models, the default one first.
    public let models: [Model]

    /// A catalog of at least one model.
    public init(_ models: [Model]) {
        precondition(!models.isEmpty, "a catalog needs a model")
        self.models = models
    }

    /// A catalog of one model.
    public init(name: String, engine: AsyncEngine) {
        self.init([Model(names: [name], engine: engine)])
    }

    /// Finds the model that a request asks for; requests without a name get the first one.
    package func model(named name: String?) throws(APIError) -> Model {
        guard let name, !name.isEmpty else { return models[0] }
        guard let model = models.first(where: { $0.names.contains(name) }) else {
            throw .unknownModel(String(name.prefix(256)), aliases: models.flatMap(\.names))
        }
        return model
    }
}
