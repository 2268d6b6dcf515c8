import HTTPTypes
import Hummingbird
import Synchronization

/// Which paths exist, and with which methods: it tells a wrong method from an unknown path.
final class RouteTable: Sendable {
    private let methods = Mutex<[String: Set<HTTPRequest.Method>]>([:])

    /// Takes over the routes of a router once they are complete.
    func fill(from router: Router<BasicRequestContext>) {
        let routes = router.routes.map { (Self.key($0.path.description), $0.method) }
        methods.withLock { methods in
            for (path, method) in routes { methods[path, default: []].insert(method) }
        }
    }

    /// Paths are the same with and without slashes around them, as for the router.
    private static func key(_ path: String) -> String {
        path.split(separator: "/").joined(separator: "/")
    }

    /// The methods of a path; nil where there is none of that name.
    func methods(of path: String) -> Set<HTTPRequest.Method>? {
        methods.withLock { $0[Self.key(path)] }
    }
}
