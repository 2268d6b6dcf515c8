/// The keys that let clients in.
package struct APIKeys: Sendable {
    private let keys: [[UInt8]]
    /// First components of the paths that need a key. What tells of the server's health does not.
    private static let guardedComponents: Set<Substring> = [
        "v1", "v2", "inference", "cohere", "generate", "ws", "models", "abort_requests", "pause",
        "resume", "is_paused", "sleep", "wake_up", "is_sleeping", "reset_prefix_cache",
        "server_info",
    ]

    package init(_ keys: [String]) {
        self.keys = keys.map { Array($0.utf8) }
    }

    /// Whether everyone is let in.
    package var isEmpty: Bool { keys.isEmpty }

    /// Whether a path needs a key. Paths are taken apart as the router does it: `//v1` is `/v1`.
    package func guards(_ path: String) -> Bool {
        guard !isEmpty, let first = path.split(separator: "/").first else { return false }
        return Self.guardedComponents.contains(first)
    }

    /// Whether the value of an `Authorization` header carries a valid key.
    package func accepts(authorization: String?) -> Bool {
        isEmpty || client(authorization: authorization) != nil
    }

    /// Whether a key is valid, in a time that does not depend on how much of it is right.
    package func accepts(key: String) -> Bool {
        isEmpty || client(key: key) != nil
    }

    /// The name of the client that sends an `Authorization` header; nil without a valid key.
    package func client(authorization: String?) -> String? {
        guard let authorization else { return nil }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return client(key: String(parts[1]))
    }

    /// The name of a key's owner: the key's number, since keys are secret and names are logged.
    package func client(key: String) -> String? {
        let candidate = Array(key.utf8)
        var found: Int?
        for (index, key) in keys.enumerated() where Self.equal(candidate, key) {
            found = found ?? index
        }
        return found.map { "key-\($0)" }
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
