import MartletEngine
import MartletJSON

/// What liveness and readiness probes learn of one model.
struct ModelHealth: Sendable {
    private let model: ModelStatus
    /// Nil where there is no engine.
    private let engineState: EngineState?
    private let health: EngineHealth?

    init(_ model: ModelStatus) {
        self.model = model
        engineState = model.engine?.state
        health = model.engine?.health
    }

    /// What only a restart helps against; nil where nothing is the matter.
    var illness: String? {
        switch health?.condition {
        case .stuck: "stuck"
        case .failing: "failing"
        case .healthy, .notReady, nil: nil
        }
    }

    /// Whether the model serves, can serve again, or will when it is asked for.
    ///
    /// - Parameter isStarting: Whether the models that the server begins with are being loaded.
    func isServiceable(isStarting: Bool) -> Bool {
        switch model.state {
        case .ready, .unloading: true
        case .unloaded, .loading: !(isStarting && model.definition.loadsEagerly)
        case .failed: false
        }
    }

    /// Why requests are better not sent at the moment; nil where they are welcome.
    var obstacle: String? {
        if let illness { return illness }
        switch model.state {
        case .ready:
            guard engineState == .ready else { return engineState?.name ?? "loading" }
            return model.engine?.isOverloaded == true ? "overloaded" : nil
        case .unloaded: return model.definition.loadsEagerly ? "loading" : nil
        case .loading, .unloading, .failed: return model.state.name
        }
    }

    /// The state in one word: an engine in memory tells more than its manager.
    var state: String {
        guard model.state == .ready, let engineState else { return model.state.name }
        return engineState.name
    }

    var json: JSONValue {
        [
            "id": .string(model.name), "state": .string(state),
            "condition": .string(illness ?? "healthy"),
            "step_age": seconds(health?.stepAge), "last_step_age": seconds(health?.lastStepAge),
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
