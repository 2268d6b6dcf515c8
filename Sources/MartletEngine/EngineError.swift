/// What keeps the engine from serving a request, or from starting.
public struct EngineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of an error; new kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The kind in one word.
        public let description: String

        /// The engine is not running, or stops before the request is done.
        public static let engineStopped = Code(description: "engineStopped")
        /// The model could not be loaded.
        public static let loadingFailed = Code(description: "loadingFailed")
        /// Whoever asked for the work ended it.
        public static let cancelled = Code(description: "cancelled")
        /// The configuration asks for what is impossible.
        public static let invalidConfiguration = Code(description: "invalidConfiguration")
        /// A field of the request is wrong; ``EngineError/parameter`` names it.
        public static let invalidRequest = Code(description: "invalidRequest")
        /// The prompt does not fit into the model's context.
        public static let promptTooLong = Code(description: "promptTooLong")
        /// The chat template refuses the conversation, or there is none.
        public static let chatTemplate = Code(description: "chatTemplate")
        /// The request needs more KV cache than there is.
        public static let outOfCache = Code(description: "outOfCache")
        /// The engine has as many requests as it takes on, or the machine is too busy;
        /// ``EngineError/retryAfter`` says when to come back.
        public static let overloaded = Code(description: "overloaded")
        /// The request waited for its turn longer than it may.
        public static let queueTimeout = Code(description: "queueTimeout")
        /// The request's time was over before it had any output.
        public static let deadlineExceeded = Code(description: "deadlineExceeded")
        /// The output was read too slowly, and the request ended.
        public static let readerTooSlow = Code(description: "readerTooSlow")
        /// A call that holds its thread was made within a task.
        public static let wouldBlock = Code(description: "wouldBlock")
        /// The model sleeps; it has to be woken first.
        public static let sleeping = Code(description: "sleeping")
        /// The engine failed in a step that the request was part of.
        public static let stepFailed = Code(description: "stepFailed")
    }

    /// The kind of the error.
    public let code: Code
    /// A sentence for people.
    public let message: String
    /// The request's field that is wrong, under its wire name: `top_p`.
    public let parameter: String?
    /// The field's value as text.
    public let value: String?
    /// When a retry is likely to be accepted, for errors that pass.
    public let retryAfter: Duration?

    /// An error of a kind, with what there is to say about it.
    public init(
        _ code: Code, _ message: String, parameter: String? = nil, value: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.value = value
        self.retryAfter = retryAfter
    }

    /// The kind and the sentence.
    public var description: String { "\(code): \(message)" }
}

extension EngineError {
    /// What keeps a model from loading.
    init(loading error: any Error) {
        if let error = error as? EngineError {
            self = error
        } else {
            self.init(.loadingFailed, "\(error)")
        }
    }
}
