import HTTPTypes
import Hummingbird
import MartletEngine
import NIOCore

extension ServerRoutes {
    func addMetrics(to router: Router<Context>) {
        router.get("metrics") { _, _ in metrics() }
        router.get("metrics/**") { _, _ in metrics() }
    }

    /// What the engines count, in Prometheus' text format. Cheap enough to be asked for every few
    /// milliseconds: a lock for each model, and no step waits for it.
    private func metrics() -> Response {
        var text = PrometheusText()
        for model in models.statuses {
            guard let engine = model.engine else { continue }
            text.add(engine.metrics.totals, engine.gauges, modelName: model.name)
        }
        return Response(
            status: .ok, headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
    }
}
