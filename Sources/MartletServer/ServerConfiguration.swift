/// Where a ``MartletServer`` listens, and how it treats its clients.
public struct ServerConfiguration: Sendable {
    /// Address to listen on.
    public var host = "127.0.0.1"
    /// Port to listen on; 0 lets the system choose one.
    public var port = 8000
    /// Path of a Unix domain socket to listen on in place of host and port.
    public var unixSocketPath: String?
    /// Keys of which clients have to send one as `Authorization: Bearer KEY`; none lets everyone
    /// in.
    public var apiKeys: [String] = []
    /// The status of requests that are refused because the server is at its limits.
    public enum OverloadStatus: Int, Hashable, Sendable, CaseIterable {
        /// That of vLLM.
        case serviceUnavailable = 503
        /// That of most gateways.
        case tooManyRequests = 429
    }

    /// The status of requests that are refused because the server is at its limits.
    public var overloadStatus = OverloadStatus.serviceUnavailable
    /// Whether there are routes to pause, put to sleep and inspect engines, and to abort requests.
    /// Where keys are set they need one.
    public var offersOperatorRoutes = true
    /// The largest request body and WebSocket message that is read, in bytes.
    public var maximumBodyByteCount = 64 << 20
    /// How long the body of a request may take to arrive.
    public var bodyTimeout = Duration.seconds(60)
    /// How long a client may take nothing of what is sent to it before it is cut.
    public var writeTimeout = Duration.seconds(120)
    /// How long a connection that ends may take to deliver what has been sent.
    public var lingerTimeout = Duration.seconds(2)
    /// How long a connection may stay open without a request.
    public var keepAliveTimeout = Duration.seconds(75)
    /// How often a WebSocket client is asked for a sign of life; without one by the next time it
    /// is cut.
    public var webSocketPingInterval = Duration.seconds(20)
    /// The most requests that one WebSocket may have open at a time.
    public var maximumWebSocketRequestCount = 256
    /// How long a WebSocket client without an `Authorization` header may take to send its key.
    public var webSocketAuthenticationTimeout = Duration.seconds(10)
    /// Whether responses carry `x-request-id`.
    public var sendsRequestIDs = false
    /// Origins whose pages may read responses; `*` stands for all.
    public var allowedOrigins = ["*"]
    /// Methods that such pages may use; `*` stands for all.
    public var allowedMethods = ["*"]
    /// Headers that such pages may send; `*` stands for all.
    public var allowedHeaders = ["*"]
    /// Whether such pages may send cookies and credentials.
    public var allowsCredentials = false
    /// Whether requests may bring a chat template of their own.
    public var trustsRequestChatTemplate = false
    /// Whether usage tells how many tokens of the prompt came from the prefix cache.
    public var reportsPromptTokenDetails = false
    /// Whether every stream ends with usage, asked for or not.
    public var forcesUsage = false
    /// The role of chat answers.
    public var responseRole = "assistant"

    /// The default configuration.
    public init() {}
}
