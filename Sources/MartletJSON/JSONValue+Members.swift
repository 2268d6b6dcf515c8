import OrderedCollections

extension JSONValue {
    /// The members of an object in document order, for code that does not work with
    /// ``JSONObject`` itself; nil for anything but an object.
    package var members: [(name: String, value: JSONValue)]? {
        guard case .object(let object) = self else { return nil }
        return object.map { ($0.key, $0.value) }
    }

    /// An object of members in order; of members with one name the last value wins.
    package init(members: some Sequence<(name: String, value: JSONValue)>) {
        self = .object(
            JSONObject(members.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }
}
