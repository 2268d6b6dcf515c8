import Synchronization

/// Shows how far work on a model has come: a bar on a terminal, lines elsewhere.
final class ProgressBar: Sendable {
    /// What is done, and to which model.
    private let title: String
    private let isTerminal: Bool
    /// The last percentage shown.
    private let shown = Mutex(-1)
    private static let width = 30

    init(
        name: String, verb: String = "loading", isTerminal: Bool = StandardError.isTerminal
    ) {
        title = "\(verb) \(name)"
        self.isTerminal = isTerminal
    }

    /// Shows a share, 0 to 1. May be called often, from any thread.
    func update(_ fraction: Double) {
        let percent = Int(min(1, max(0, fraction)) * 100)
        let step = isTerminal ? 1 : 25
        shown.withLock { last in
            guard percent > last, percent / step > last / step || last < 0 else { return }
            last = percent
            StandardError.write(isTerminal ? bar(percent) : "\(title): \(percent) %\n")
        }
    }

    /// Takes the bar away.
    func end() {
        guard isTerminal else { return }
        shown.withLock { last in
            if last >= 0 { StandardError.write("\r\u{1B}[K") }
            last = 100
        }
    }

    private func bar(_ percent: Int) -> String {
        let filled = Self.width * percent / 100
        let bar = String(repeating: "█", count: filled)
        let rest = String(repeating: "░", count: Self.width - filled)
        return "\r\u{1B}[K\(title) \(bar)\(rest) \(percent) %"
    }
}
