import HTTPTypes
package import MartletEngine

/// The one place that decides which status an error of the engine becomes.
extension APIError {
    package init(_ error: EngineError) {
        switch error.code {
        case .invalidRequest, .promptTooLong, .chatTemplate, .outOfCache:
            self = .badRequest(error.message, param: error.parameter, value: error.value)
        case .overloaded:
            self = .overloaded(error.message, retryAfter: error.retryAfter)
        case .engineStopped, .queueTimeout, .readerTooSlow, .sleeping:
            self = .unavailable(error.message, retryAfter: error.retryAfter)
        case .modelNotFound:
            self = APIError(.notFound, "NotFoundError", error.message, param: "model")
        case .modelBusy, .insufficientMemory:
            self = .unavailable(error.message, retryAfter: error.retryAfter)
        case .deadlineExceeded:
            self = APIError(.gatewayTimeout, "TimeoutError", error.message)
        case .loadingFailed, .invalidConfiguration:
            self = APIError(
                .serviceUnavailable, "ServiceUnavailableError",
                "The model could not be loaded; the server's log says why.")
        default:
            self = APIError(.internalServerError, "InternalServerError", error.message)
        }
    }

    /// vLLM names the field only where it also reports the value.
    package init(_ error: SamplingParameterError) {
        guard let value = error.value else {
            self = APIError(.badRequest, "BadRequestError", error.message)
            return
        }
        self = .badRequest(error.message, param: error.parameter, value: value)
    }

    /// Any error as a client sees it. What is not known to be harmless is not shown.
    package init(describing error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as EngineError: self = APIError(error)
        case let error as SamplingParameterError: self = APIError(error)
        case is CancellationError: self = .unavailable("The request was cancelled.")
        default:
            self = APIError(
                .internalServerError, "InternalServerError", "Internal server error")
        }
    }
}
