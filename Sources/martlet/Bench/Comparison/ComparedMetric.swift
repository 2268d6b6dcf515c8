/// A figure that two servers are compared by.
package enum ComparedMetric: String, CaseIterable, Sendable {
    case outputTokensPerSecond = "output_tokens_per_second"
    case firstTokenMean = "ttft_mean_ms"
    case firstTokenMedian = "ttft_median_ms"
    case firstTokenP99 = "ttft_p99_ms"
    case perTokenMedian = "tpot_median_ms"
    case intervalP99 = "itl_p99_ms"
    case endToEndMedian = "e2e_median_ms"
    case endToEndP99 = "e2e_p99_ms"
    case failedRequests = "failed_requests"
    case processorTimePerToken = "cpu_ms_per_output_token"
    case peakResident = "peak_rss_mib"
    case otherServerCores = "other_server_cores"
    case elsewhereCores = "elsewhere_cores"
    case stolenCores = "stolen_cores"

    /// What a table calls it.
    package var title: String {
        switch self {
        case .outputTokensPerSecond: "output tokens/s"
        case .firstTokenMean: "TTFT mean, ms"
        case .firstTokenMedian: "TTFT median, ms"
        case .firstTokenP99: "TTFT p99, ms"
        case .perTokenMedian: "TPOT median, ms"
        case .intervalP99: "ITL p99, ms"
        case .endToEndMedian: "E2E median, ms"
        case .endToEndP99: "E2E p99, ms"
        case .failedRequests: "failed requests"
        case .processorTimePerToken: "CPU ms per output token"
        case .peakResident: "peak RSS, MiB"
        case .otherServerCores: "cores the other server took"
        case .elsewhereCores: "cores others took"
        case .stolenCores: "cores stolen by the host"
        }
    }

    /// Whether one server's figure divided by the other's means something: it does not for what
    /// tells how quiet the machine was.
    package var hasRatio: Bool {
        switch self {
        case .failedRequests, .otherServerCores, .elsewhereCores, .stolenCores: false
        default: true
        }
    }
}
