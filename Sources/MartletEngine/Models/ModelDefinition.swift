/// A model that a ``ModelManager`` may load.
public struct ModelDefinition: Hashable, Sendable {
    /// What a model does.
    public enum Kind: Hashable, Sendable {
        /// Continues text.
        case generate
    }

    /// The names that requests use for the model; the first is the one to show.
    public var names: [String]
    /// What its engine runs, and within which bounds.
    public var configuration: AsyncEngineConfiguration
    /// Where the model comes from, to be shown; nil is the checkpoint's directory.
    public var root: String?
    /// Whether the model stays in memory, however long it is idle and whoever needs the room.
    public var isPinned: Bool
    /// How long the model stays in memory after its last use; nil is until another needs the room,
    /// and zero is until the requests that use it are done.
    public var keepAlive: Duration?
    /// Whether the model is loaded when the manager starts, and not by its first request.
    public var loadsEagerly: Bool
    /// What the model does.
    public var kind: Kind

    /// A model under `names`, run by `configuration`.
    public init(
        names: [String], configuration: AsyncEngineConfiguration, root: String? = nil,
        isPinned: Bool = false, keepAlive: Duration? = nil, loadsEagerly: Bool = false,
        kind: Kind = .generate
    ) {
        self.names = names
        self.configuration = configuration
        self.root = root
        self.isPinned = isPinned
        self.keepAlive = keepAlive
        self.loadsEagerly = loadsEagerly
        self.kind = kind
    }
}
