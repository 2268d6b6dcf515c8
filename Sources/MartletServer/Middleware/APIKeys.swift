/// The keys that let clients in.
package struct APIKeys: Sendable {
    private let keys: [[UInt8]]
    /// Beginnings of the paths that need a key. What tells of the server's health does not.
    private static let guardedPaths = [
        "/v1", "/v2", "/inference", "/cohere", "/generate", "/ws", "/models",
    ]

    package init(_ keys: [String]) {
        self.keys = keys.map { Array($0.utf8) }
    }

    /// Whether everyone is let in.
    package var isEmpty: Bool { keys.isEmpty }

    /// Whether a path needs a key.
    package func guards(_ path: String) -> Bool {
        !isEmpty && Self.guardedPaths.contains { path.hasPrefix($0) }
    }

    /// Whether the value of an `Authorization` header carries a valid key.
    package func accepts(authorization: String?) -> Bool {
        guard let authorization else { return isEmpty }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return isEmpty }
        return accepts(key: String(parts[1]))
    }

    /// Whether a key is valid, in a time that does not depend on how much of it is right.
    package func accepts(key: String) -> Bool {
        let candidate = Array(key.utf8)
        return keys.reduce(isEmpty) { found, key in Self.equal(candidate, key) || found }
    }

    private static func equal(_ candidate: [UInt8], _ key: [UInt8]) -> Bool {
        var difference = candidate.count ^ key.count
        for index in key.indices {
            let byte = index < candidate.count ? candidate[index] : ~key[index]
            difference |= Int(byte ^ key[index])
        }
        return difference == 0
    }
}
