/// One model of a configuration file's `models`, as a plain value.
package struct ModelSettings: Sendable {
    /// When a model is loaded.
    package enum Loading: String, Hashable, Sendable, CaseIterable {
        /// When the server starts.
        case eager
        /// When the first request asks for it.
        case lazy
    }

    /// A checkpoint's directory, or a name in the cache.
    package let model: String
    /// What clients may call it; none is its own name.
    package var servedNames: [String] = []
    /// Whether it stays loaded, however little it is used.
    package var isPinned = false
    /// How long it stays loaded without a request; nil is for ever.
    package var keepAlive: Duration?
    /// Nil is as the command line says.
    package var loading: Loading?
    /// Engine flags of this model, over those of the whole file.
    var settings: [Setting] = []
}
