import ArgumentParser
import Logging
import MartletEngine
import MartletServer

extension Serve {
    /// The models of the command line, or of the configuration file.
    func models(logger: Logger) throws -> [ModelCatalog.Model] {
        let file = try configurationFile()
        guard let file, !file.models.isEmpty else {
            return [
                try model(
                    engineOptions.model, names: serverOptions.servedModelName,
                    options: engineOptions, limits: limits, logger: logger)
            ]
        }
        guard engineOptions.model == nil, serverOptions.servedModelName.isEmpty else {
            throw CommandFailure.report(
                "\(file.path): models: cannot stand beside a model of the command line",
                ExitCode.validationFailure)
        }
        let names = file.models.flatMap { $0.servedNames.isEmpty ? [$0.model] : $0.servedNames }
        guard Set(names).count == names.count else {
            throw CommandFailure.report(
                "\(file.path): models: two models have the same name",
                ExitCode.validationFailure)
        }
        return try file.models.map { settings in
            let options = try ModelOptions.parse(
                file.arguments(for: settings, commandLine: Martlet.serveArguments))
            return try model(
                settings.model, names: settings.servedNames, options: options.engine,
                limits: options.limits, logger: logger)
        }
    }

    private func configurationFile() throws -> ConfigurationFile? {
        do throws(ConfigurationError) {
            guard let config else { return nil }
            return try ConfigurationFile(path: config)
        } catch {
            throw CommandFailure.report("\(error)", ExitCode.validationFailure)
        }
    }

    private func model(
        _ name: String?, names: [String], options: EngineOptions, limits: LimitOptions,
        logger: Logger
    ) throws -> ModelCatalog.Model {
        let location = try ModelLocator().locate(name)
        var configuration = try options.configuration(directory: location.directory)
        limits.apply(to: &configuration)
        configuration.shutdownTimeout = .seconds(serverOptions.shutdownTimeout)
        return ModelCatalog.Model(
            names: names.isEmpty ? [location.name] : names,
            engine: AsyncEngine(configuration: configuration, logger: logger))
    }
}
