import MartletEngine
import Synchronization

/// A place in an engine, taken before the request that needs it has been read: a server at its
/// limits answers without reading.
final class Place: Sendable {
    let engine: AsyncEngine
    private let ticket: Mutex<AdmissionTicket?>

    /// - Throws: Why `engine` takes nothing.
    init(in engine: AsyncEngine) throws(EngineError) {
        self.engine = engine
        ticket = Mutex(try engine.reserve())
    }

    /// Takes the ticket out: from then on the request that gets it answers for it.
    func take() -> AdmissionTicket? {
        ticket.withLock { ticket in
            defer { ticket = nil }
            return ticket
        }
    }

    /// Gives the place back, unless its ticket has been taken.
    func giveBack() {
        _ = take()
    }
}

extension RequestPlanner {
    /// Takes a place at the default model, or at another one where that has none: nobody knows yet
    /// which model the request is for.
    ///
    /// - Throws: What keeps the default model from taking the request.
    func reserve() throws -> Place {
        let open = catalog.models.first { model in
            model.engine.state.takesRequests && !model.engine.isOverloaded
        }
        let model = open ?? catalog.models[0]
        try Self.requireServing(model)
        return try Place(in: model.engine)
    }

    /// The ticket for a request to `engine`: the one taken for it, in exchange where that is of
    /// another engine.
    func ticket(of place: Place?, for engine: AsyncEngine) throws -> AdmissionTicket? {
        guard let place, place.engine !== engine else { return place?.take() }
        place.giveBack()
        return try engine.reserve()
    }

    /// - Throws: ``APIError`` that passes while the model is not ready.
    static func requireServing(_ model: ModelCatalog.Model) throws(APIError) {
        switch model.engine.state {
        case .ready, .paused: return
        case .sleeping: throw .unavailable("The model sleeps; wake it up first.")
        case .idle: throw .unavailable("The model is not loaded yet.")
        case .loading(let fraction):
            let percent = Int(fraction * 100)
            throw .unavailable("The model is still loading (\(percent) %).")
        case .draining, .stopped: throw .unavailable("The server is shutting down.")
        case .failed(let error): throw APIError(error)
        }
    }
}

extension EngineState {
    /// Whether requests may come in, to be served now or after a pause.
    var takesRequests: Bool { self == .ready || self == .paused }
}
