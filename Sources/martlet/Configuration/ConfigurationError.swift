/// What is wrong with a configuration file.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file's path.
    package let file: String
    /// The key that is wrong: `port`, `models[0].load`.
    package let key: String?
    /// A sentence for people.
    package let reason: String

    init(_ file: String, key: String? = nil, _ reason: String) {
        self.file = file
        self.key = key
        self.reason = reason
    }

    package var description: String {
        key.map { "\(file): \($0): \(reason)" } ?? "\(file): \(reason)"
    }
}
