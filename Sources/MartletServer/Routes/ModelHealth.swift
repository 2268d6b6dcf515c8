import MartletEngine
import MartletJSON

/// What liveness and readiness probes learn of one model.
struct ModelHealth: Sendable {
    let name: String
    let state: EngineState
    let health: EngineHealth
    let isOverloaded: Bool

    init(_ model: ModelCatalog.Model) {
        name = model.name
        state = model.engine.state
        health = model.engine.health
        isOverloaded = model.engine.isOverloaded
    }

    /// What only a restart helps against; nil where nothing is the matter.
    var illness: String? {
        switch health.condition {
        case .stuck: "stuck"
        case .failing: "failing"
        case .healthy, .notReady: nil
        }
    }

    /// Whether the model has been loaded, so that it serves, or can serve again.
    var isLoaded: Bool {
        switch state {
        case .ready, .paused, .sleeping, .draining: true
        case .idle, .loading, .stopped, .failed: false
        }
    }

    /// Why requests are better not sent at the moment; nil where they are welcome.
    var obstacle: String? {
        if let illness { return illness }
        switch state {
        case .ready: return isOverloaded ? "overloaded" : nil
        case .idle: return "loading"
        default: return state.name
        }
    }

    var json: JSONValue {
        [
            "id": .string(name), "state": .string(state.name),
            "condition": .string(illness ?? "healthy"),
            "step_age": seconds(health.stepAge), "last_step_age": seconds(health.lastStepAge),
        ]
    }

    private func seconds(_ duration: Duration?) -> JSONValue {
        duration.map { .number($0.seconds) } ?? .null
    }
}

extension EngineState {
    /// The state in one word.
    var name: String {
        switch self {
        case .idle: "idle"
        case .loading: "loading"
        case .ready: "ready"
        case .paused: "paused"
        case .sleeping: "sleeping"
        case .draining: "draining"
        case .stopped: "stopped"
        case .failed: "failed"
        }
    }
}
