import MartletEngine
import NIOConcurrencyHelpers

/// Keeps account of every request of a simulated engine: each is admitted once and ends once.
final class RequestLedger: EngineObserver {
    struct Entry {
        var isOpen = false
        var endCount = 0
        /// Output or an end that the reader has not seen.
        var hasNews = false
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var violations: [String] = []
        var refusedCount = 0
    }

    private let state = NIOLockedValueBox(State())

    var violations: [String] { state.withLockedValue(\.violations) }
    var openCount: Int { state.withLockedValue { $0.entries.values.count { $0.isOpen } } }
    var refusedCount: Int { state.withLockedValue(\.refusedCount) }

    /// Expects a request that has been handed to the engine.
    func expect(_ id: String) {
        state.withLockedValue { $0.entries[id] = Entry(isOpen: true) }
    }

    func entry(_ id: String) -> Entry { state.withLockedValue { $0.entries[id] ?? Entry() } }

    func takeNews(_ id: String) -> Bool {
        state.withLockedValue { state in
            defer { state.entries[id]?.hasNews = false }
            return state.entries[id]?.hasNews ?? false
        }
    }

    func forget(_ id: String) {
        state.withLockedValue { state in
            guard state.entries[id]?.isOpen == false else { return }
            state.entries[id] = nil
        }
    }

    func observe(_ events: [EngineEvent]) {
        state.withLockedValue { state in
            for event in events {
                if case .refused = event.kind { state.refusedCount += 1 }
                guard let id = event.requestID else { continue }
                guard var entry = state.entries[id] else {
                    state.violations.append("\(event.kind) of \(id), which nobody sent")
                    continue
                }
                if !entry.isOpen { state.violations.append("\(event.kind) of \(id) after its end") }
                switch event.kind {
                case .firstToken, .tokens: entry.hasNews = true
                case .finished:
                    entry.isOpen = false
                    entry.endCount += 1
                    entry.hasNews = true
                default: break
                }
                state.entries[id] = entry
            }
        }
    }
}

extension RequestLedger {
    /// Forgets a request that was not admitted.
    func drop(_ id: String) {
        state.withLockedValue { $0.entries[id] = nil }
    }
}
