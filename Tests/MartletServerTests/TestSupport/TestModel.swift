import Foundation
import Logging
import MartletChat
import MartletEngine
import MartletEngineTestSupport
import MartletScheduling
import MartletServer
import Synchronization

/// A served model, named `tiny` unless a test says otherwise, on a ``ScriptedExecutor``: its tokens are bytes, its context 256.
struct TestModel {
    let name: String
    let engine: AsyncEngine
    let pace = Pace()
    let events = EventRecorder()
    /// Whether a manager of several models loads it at its start.
    let isEager: Bool

    static let template = """
        {% for message in messages %}[{{ message.role }}]{{ message.content }}{% endfor %}\
        {% if tools %}<{{ tools | length }}>{% endif %}\
        {% if add_generation_prompt %}[assistant]{% endif %}
        """

    /// - Parameters:
    ///   - gate: Waits for this before it loads.
    ///   - isEager: Whether a manager of several models loads it at its start.
    ///   - clock: What the engine takes for the time.
    ///   - configure: Changes the engine's configuration.
    init(
        _ name: String = "tiny", gate: Gate? = nil, isEager: Bool = true,
        clock: EngineClock = .continuous,
        configure: (inout AsyncEngineConfiguration) -> Void = { _ in }
    ) {
        self.name = name
        self.isEager = isEager
        let pace = pace
        var configuration = AsyncEngineConfiguration(model: "./tiny")
        configuration.dtype = "float32"
        configuration.quantization = .int4(groupSize: 64)
        configure(&configuration)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        engine = AsyncEngine(
            configuration: configuration, logger: logger, observers: [events],
            clock: clock
        ) { _ in
            gate?.wait()
            return try Self.parts(pace: pace)
        }
    }

    /// A manager of test models.
    static func manager(
        _ models: [TestModel], shutdownTimeout: Duration = .seconds(30)
    ) throws -> ModelManager {
        var configuration = ModelManagerConfiguration()
        configuration.shutdownTimeout = shutdownTimeout
        let engines = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0.engine) })
        guard models.count > 1 else {
            return try ModelManager(
                engine: models[0].engine, names: [models[0].name], configuration: configuration)
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try ModelManager(
            models.map { model in
                ModelDefinition(
                    names: [model.name], configuration: model.engine.configuration,
                    loadsEagerly: model.isEager)
            },
            configuration: configuration, logger: logger, estimate: { _ in 0 },
            makeEngine: { definition, _ in
                guard let engine = engines[definition.names[0]] else {
                    throw EngineError(.loadingFailed, "there is no such test model")
                }
                return engine
            })
    }

    private static func parts(pace: Pace) throws -> EngineParts {
        let length = 256
        let scheduler = Scheduler(
            configuration: SchedulerConfiguration(
                maximumSequenceCount: 64, maximumBatchedTokenCount: 512,
                maximumModelLength: length, blockSize: 16, blockCount: 1024,
                enablesPrefixCaching: true))
        let information = ModelInformation(
            directory: "./tiny", architecture: "Scripted", dtype: "float32", parameterCount: 7,
            weightByteCount: 28, vocabularySize: 257, maximumModelLength: length,
            hasChatTemplate: true, blockSize: 16, blockCount: 1024, quantization: "int4-g64")
        let text = TextModel(
            tokenizer: try .ofBytes(), endOfSequenceIDs: [256], vocabularySize: 257,
            maximumModelLength: length)
        let model = ServedModel(
            text: text, information: information, chatTemplate: try ChatTemplate(template),
            defaultSampling: SamplingParameters(), maximumLogprobCount: 20)
        return EngineParts(
            model: model, scheduler: scheduler, executor: ScriptedExecutor(pace: pace))
    }
}

/// Holds a thread until a test opens it.
final class Gate: Sendable {
    private let isOpen = Atomic(false)

    func open() {
        isOpen.store(true, ordering: .releasing)
    }

    func wait() {
        while !isOpen.load(ordering: .acquiring) { Thread.sleep(forTimeInterval: 0.001) }
    }
}
