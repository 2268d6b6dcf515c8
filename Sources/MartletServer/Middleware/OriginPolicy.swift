import HTTPTypes

/// Which web pages may talk to the server.
struct OriginPolicy: Sendable {
    private let origins: [String]
    private let methods: [String]
    private let headers: [String]
    private let allowsCredentials: Bool
    private static let allMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

    init(_ configuration: ServerConfiguration) {
        origins = configuration.allowedOrigins
        methods =
            configuration.allowedMethods.contains("*")
            ? Self.allMethods : configuration.allowedMethods.map { $0.uppercased() }
        headers = configuration.allowedHeaders
        allowsCredentials = configuration.allowsCredentials
    }

    func allows(origin: String) -> Bool {
        origins.contains("*") || origins.contains(origin)
    }

    /// What a response to a page of `origin` carries.
    func headers(for origin: String) -> HTTPFields {
        guard allows(origin: origin) else { return [:] }
        var fields = HTTPFields()
        let sharesWithAll = origins.contains("*") && !allowsCredentials
        fields[.accessControlAllowOrigin] = sharesWithAll ? "*" : origin
        if allowsCredentials { fields[.accessControlAllowCredentials] = "true" }
        return fields
    }

    /// What a browser gets that asks before it sends.
    ///
    /// - Returns: Nil where the origin, the method or a header is not allowed.
    func preflightHeaders(origin: String, method: String, headers requested: String?) -> HTTPFields?
    {
        guard allows(origin: origin), methods.contains(method.uppercased()) else { return nil }
        var fields = headers(for: origin)
        fields[.accessControlAllowMethods] = methods.joined(separator: ", ")
        fields[.accessControlMaxAge] = "600"
        guard let requested else { return fields }
        if !headers.contains("*") {
            let allowed = Set(headers.map { $0.lowercased() })
            for name in requested.split(separator: ",") {
                let name = name.lowercased().filter { $0 != " " }
                guard allowed.contains(name) else { return nil }
            }
        }
        fields[.accessControlAllowHeaders] = requested
        return fields
    }
}
