import Logging

struct ModelLoader {
    let configuration: AsyncEngineConfiguration
    let logger: Logger
    let monitor: LoadingMonitor
    func load() throws -> EngineParts { throw EngineError(.loadingFailed, "stub") }
}
