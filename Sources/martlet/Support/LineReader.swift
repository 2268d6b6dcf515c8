import Dispatch

/// Reads lines of standard input on a thread of its own: reading one blocks.
enum LineReader {
    private static let queue = DispatchQueue(label: "martlet.input")

    /// Shows `prompt` and waits for a line; nil at the end of the input.
    static func next(prompt: String?) async -> String? {
        await withCheckedContinuation { continuation in
            queue.async {
                if let prompt { StandardOutput.write(prompt) }
                continuation.resume(returning: readLine())
            }
        }
    }
}
