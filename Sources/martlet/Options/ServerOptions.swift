import ArgumentParser
import FoundationEssentials
import MartletServer

/// Where and how `martlet serve` listens, named as vLLM names it.
struct ServerOptions: ParsableArguments {
    @Option(help: "Address to listen on; the default is every address of the machine.")
    var host = "0.0.0.0"

    @Option(help: "Port to listen on; 0 lets the system choose.")
    var port = 8000

    @Option(help: "Path of a Unix domain socket to listen on in place of host and port.")
    var uds: String?

    @Option(
        parsing: .upToNextOption, help: "Names that clients may call the model by.")
    var servedModelName: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Keys of which clients have to send one. Also from VLLM_API_KEY.")
    var apiKey: [String] = []

    @Option(help: "How many seconds open requests may go on after SIGTERM.")
    var shutdownTimeout = 30.0

    @Option(
        help: "Status of requests that are refused because the server is at its limits: 503 or 429."
    )
    var rejectStatus = 503

    @Flag(
        inversion: .prefixedNo,
        help: "Whether there are routes to pause, put to sleep and inspect the engine.")
    var operatorRoutes = true

    @Option(help: "The largest request body: 64MiB.")
    var maxBodySize = Quantity(64 << 20)

    @Flag(help: "Send x-request-id with every response.")
    var enableRequestIdHeaders = false

    @Flag(help: "Let requests bring a chat template of their own.")
    var trustRequestChatTemplate = false

    @Flag(help: "Tell in usage how much of a prompt was cached.")
    var enablePromptTokensDetails = false

    @Flag(help: "End every stream with usage.")
    var enableForceIncludeUsage = false

    @Option(help: "Origins whose pages may use the server, as a JSON list.")
    var allowedOrigins = JSONStrings(["*"])

    @Option(help: "Methods that such pages may use, as a JSON list.")
    var allowedMethods = JSONStrings(["*"])

    @Option(help: "Headers that such pages may send, as a JSON list.")
    var allowedHeaders = JSONStrings(["*"])

    @Flag(help: "Let such pages send credentials.")
    var allowCredentials = false

    @Option(help: "The role of chat answers.")
    var responseRole = "assistant"

    mutating func validate() throws {
        guard (0...65535).contains(port) else {
            throw ValidationError("--port must be from 0 to 65535.")
        }
        guard shutdownTimeout >= 0, shutdownTimeout < 1e6 else {
            throw ValidationError("--shutdown-timeout must not be negative.")
        }
        guard ServerConfiguration.OverloadStatus(rawValue: rejectStatus) != nil else {
            throw ValidationError("--reject-status must be 503 or 429.")
        }
        guard (1...Int(UInt32.max)).contains(maxBodySize.value) else {
            throw ValidationError("--max-body-size must be from 1 byte to 4 GiB.")
        }
    }

    /// The server's configuration.
    func configuration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.unixSocketPath = uds
        configuration.apiKeys = apiKey
        if apiKey.isEmpty, let key = environment["VLLM_API_KEY"], !key.isEmpty {
            configuration.apiKeys = [key]
        }
        if let status = ServerConfiguration.OverloadStatus(rawValue: rejectStatus) {
            configuration.overloadStatus = status
        }
        configuration.offersOperatorRoutes = operatorRoutes
        configuration.maximumBodyByteCount = maxBodySize.value
        configuration.sendsRequestIDs = enableRequestIdHeaders
        configuration.trustsRequestChatTemplate = trustRequestChatTemplate
        configuration.reportsPromptTokenDetails = enablePromptTokensDetails
        configuration.forcesUsage = enableForceIncludeUsage
        configuration.allowedOrigins = allowedOrigins.values
        configuration.allowedMethods = allowedMethods.values
        configuration.allowedHeaders = allowedHeaders.values
        configuration.allowsCredentials = allowCredentials
        configuration.responseRole = responseRole
        return configuration
    }
}
