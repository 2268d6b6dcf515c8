import MartletEngine
import Synchronization

/// Remembers what happened in an engine.
final class EventRecorder: EngineObserver {
    private let list = Mutex<[EngineEvent]>([])

    func observe(_ events: [EngineEvent]) {
        list.withLock { $0 += events }
    }

    /// How requests ended, in order.
    var outcomes: [RequestOutcome] {
        list.withLock { $0 }.compactMap { event in
            if case .finished(let outcome, _, _) = event.kind { outcome } else { nil }
        }
    }

    /// The names of requests that ended, in order.
    var finishedRequestIDs: [String?] {
        list.withLock { $0 }.compactMap { event in
            if case .finished = event.kind { event.requestID } else { nil }
        }
    }
}
