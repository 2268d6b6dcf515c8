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
    /// Takes a place at the first model that has one: nobody knows yet which model the request is
    /// for.
    ///
    /// - Returns: Nil where none has, and the request may load another one.
    /// - Throws: What keeps the first of them from taking the request.
    func reserve() throws -> Place? {
        let statuses = models.statuses
        let engines = statuses.compactMap(\.engine).filter(\.state.takesRequests)
        if let open = engines.first(where: { !$0.isOverloaded }) { return try Place(in: open) }
        // The request may be for a model that is not in memory yet.
        guard let first = engines.first, engines.count == statuses.count else { return nil }
        return try Place(in: first)
    }

    /// The ticket for a request to `engine`: the one taken for it, in exchange where that is of
    /// another engine.
    func ticket(of place: Place?, for engine: AsyncEngine) throws -> AdmissionTicket? {
        if let place, place.engine === engine, let ticket = place.take() { return ticket }
        place?.giveBack()
        return try engine.reserve()
    }
}

extension EngineState {
    /// Whether requests may come in, to be served now or after a pause.
    var takesRequests: Bool { self == .ready || self == .paused }
}
