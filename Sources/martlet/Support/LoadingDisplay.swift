import MartletEngine
import MartletServer
import Synchronization

/// Shows how far each model is, and greets once all are ready.
final class LoadingDisplay: Sendable {
    private let bars: [String: ProgressBar]
    private let greeting: Greeting
    private let waiting: Mutex<Set<String>>

    init(_ models: [ModelStatus], configuration: ServerConfiguration) {
        let names = models.filter(\.definition.loadsEagerly).map(\.name)
        bars = Dictionary(
            names.map { ($0, ProgressBar(name: $0)) }, uniquingKeysWith: { first, _ in first })
        greeting = Greeting(
            model: models.map(\.name).joined(separator: ", "), configuration: configuration)
        waiting = Mutex(Set(names))
        names.first.map { update($0, 0) }
        if names.isEmpty { greeting.ready() }
    }

    /// Shows a share of a model, 0 to 1.
    func update(_ model: String, _ fraction: Double) {
        bars[model]?.update(fraction)
    }

    func ready(_ model: String) {
        bars[model]?.end()
        let isLast = waiting.withLock { waiting in
            waiting.remove(model) != nil && waiting.isEmpty
        }
        if isLast { greeting.ready() }
    }

    func listening(on port: Int?) {
        greeting.listening(on: port)
    }
}
