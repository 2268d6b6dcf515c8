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

    /// Whether the process does what it should: clients of vLLM wait for this to become 200 before
    /// they send anything, and supervisors restart what does not. Models that load when they are
    /// asked for keep nobody waiting.
    ///
    /// A pause, sleep, overload or shutdown is nothing that a restart helps against. Of several
    /// models, one that could not be loaded does not count as long as another one has been.
    private func health() -> Response {
        let models = self.models.statuses.map(ModelHealth.init)
        if let illness = models.lazy.compactMap(\.illness).first {
            return report(.serviceUnavailable, illness, models)
        }
        if status.isDraining { return report(.ok, "draining", models) }
        if models.contains(where: { $0.isServiceable(isStarting: status.isStarting) }) {
            return report(.ok, "healthy", models)
        }
        return report(.serviceUnavailable, models.first?.obstacle ?? "loading", models)
    }

    /// Whether new requests are welcome: whether one of the models takes them.
    private func ready() -> Response {
        let models = self.models.statuses.map(ModelHealth.init)
        if status.isDraining { return report(.serviceUnavailable, "draining", models) }
        if let illness = models.lazy.compactMap(\.illness).first {
            return report(.serviceUnavailable, illness, models)
        }
        if models.contains(where: { $0.obstacle == nil }) { return report(.ok, "ready", models) }
        return report(.serviceUnavailable, models.first?.obstacle ?? "loading", models)
    }

    private func report(
        _ code: HTTPResponse.Status, _ text: String, _ models: [ModelHealth]
    ) -> Response {
        let body: JSONValue = [
            "status": .string(text), "timestamp": .number(Date().timeIntervalSince1970),
            "models": .array(models.map(\.json)),
        ]
        return Response(status: code, json: body.serialized)
    }
}
