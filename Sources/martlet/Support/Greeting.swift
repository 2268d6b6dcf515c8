import MartletServer
import Synchronization

/// Tells the user where the server is and what to try, once it listens and its model is ready.
final class Greeting: Sendable {
    private struct State {
        var isListening = false
        var port: Int?
        var isReady = false
    }

    private let model: String
    private let configuration: ServerConfiguration
    private let state = Mutex(State())

    init(model: String, configuration: ServerConfiguration) {
        self.model = model
        self.configuration = configuration
    }

    func listening(on port: Int?) {
        state.withLock { state in
            state.isListening = true
            state.port = port
        }
        greetIfComplete()
    }

    func ready() {
        state.withLock { $0.isReady = true }
        greetIfComplete()
    }

    private func greetIfComplete() {
        let state = state.withLock { $0 }
        guard state.isListening, state.isReady else { return }
        StandardOutput.write(text(port: state.port))
    }

    private func text(port: Int?) -> String {
        let title = "Martlet \(MartletVersion.string) serves \(model)"
        if let path = configuration.unixSocketPath { return "\(title) on \(path)\n" }
        let isAny = ["0.0.0.0", "::", ""].contains(configuration.host)
        let host = isAny ? "localhost" : configuration.host
        let url = "http://\(host):\(port ?? configuration.port)"
        let key =
            configuration.apiKeys.isEmpty ? "" : " \\\n      -H 'Authorization: Bearer YOUR_KEY'"
        return """
            \(title) on \(url)

              curl \(url)/v1/chat/completions \\
                  -H 'Content-Type: application/json'\(key) \\
                  -d '{"messages": [{"role": "user", "content": "What is the capital of \
            France?"}]}'

            Press Ctrl-C to stop.

            """
    }
}
