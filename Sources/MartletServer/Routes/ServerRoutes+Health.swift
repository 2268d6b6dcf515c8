import FoundationEssentials
import HTTPTypes
import Hummingbird
import MartletEngine
import MartletJSON

extension ServerRoutes {
    func addHealth(to router: Router<Context>) {
        router.get("health") { _, _ in health() }
        router.get("ping") { _, _ in health() }
        router.post("ping") { _, _ in health() }
        router.get("ready") { _, _ in ready() }
        router.get("version") { _, _ in
            var json = JSONWriter()
            json.raw(#"{"version":"#)
            json.string(MartletVersion.string)
            json.raw("}")
            return Response(json: json.bytes)
        }
        router.get("load") { _, _ in
            Response(json: Array(#"{"server_load":\#(status.requestCount)}"#.utf8))
        }
    }

    /// Whether the process can serve or is finishing what it serves: clients of vLLM wait for this
    /// to become 200 before they send anything, and supervisors restart what does not.
    private func health() -> Response {
        let states = catalog.models.map(\.engine.state)
        for state in states {
            switch state {
            case .ready, .paused, .sleeping, .draining: continue
            case .idle, .loading: return report(.serviceUnavailable, "loading")
            case .stopped where status.isDraining: return report(.ok, "draining")
            case .stopped: return report(.serviceUnavailable, "stopped")
            case .failed: return report(.serviceUnavailable, "failed")
            }
        }
        return report(.ok, status.isDraining ? "draining" : "healthy")
    }

    /// Whether new requests are welcome.
    private func ready() -> Response {
        if status.isDraining { return report(.serviceUnavailable, "draining") }
        return catalog.isReady ? report(.ok, "ready") : report(.serviceUnavailable, "loading")
    }

    private func report(_ code: HTTPResponse.Status, _ text: String) -> Response {
        var json = JSONWriter()
        json.raw(#"{"status":"#)
        json.string(text)
        json.raw(#","timestamp":"#)
        json.number(Date().timeIntervalSince1970)
        json.raw("}")
        return Response(status: code, json: json.bytes)
    }
}
