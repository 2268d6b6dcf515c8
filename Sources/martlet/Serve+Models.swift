import ArgumentParser
import Logging
import MartletEngine
import MartletServer

extension Serve {
    /// The manager of all models that the command line and the configuration file name.
    func modelManager(logger: Logger) throws -> ModelManager {
        var configuration = ModelManagerConfiguration()
        configuration.memoryByteCount = management.memoryBudget?.value
        configuration.allowsAdditions = management.allowModelAdditions
        configuration.threadCount = engineOptions.threads
        configuration.shutdownTimeout = .seconds(serverOptions.shutdownTimeout)
        return try ModelManager(
            try definitions(), configuration: configuration, logger: logger)
    }

    private func definitions() throws -> [ModelDefinition] {
        let file = try configurationFile()
        guard let file, !file.models.isEmpty else { return try commandLineModels() }
        guard engineOptions.model == nil, serverOptions.servedModelName.isEmpty else {
            throw CommandFailure.report(
                "\(file.path): models: cannot stand beside a model of the command line",
                ExitCode.validationFailure)
        }
        return try file.models.map { settings in
            let options = try ModelOptions.parse(
                file.arguments(for: settings, commandLine: Martlet.serveArguments))
            var definition = try definition(
                settings.model, names: settings.servedNames, options: options.engine,
                limits: options.limits)
            definition.isPinned = settings.isPinned
            definition.keepAlive = settings.keepAlive ?? definition.keepAlive
            if let loading = settings.loading { definition.loadsEagerly = loading == .eager }
            return definition
        }
    }

    /// One model may have several names; of several models each has one.
    private func commandLineModels() throws -> [ModelDefinition] {
        let models = [engineOptions.model] + furtherModels
        let names = serverOptions.servedModelName
        guard models.count == 1 || names.isEmpty || names.count == models.count else {
            throw CommandFailure.report(
                "--served-model-name: \(models.count) models need as many names, not "
                    + "\(names.count)", ExitCode.validationFailure)
        }
        return try models.enumerated().map { index, model in
            let own = models.count == 1 ? names : names.isEmpty ? [] : [names[index]]
            return try definition(model, names: own, options: engineOptions, limits: limits)
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

    private func definition(
        _ name: String?, names: [String], options: EngineOptions, limits: LimitOptions
    ) throws -> ModelDefinition {
        let location = try ModelLocator().locate(name)
        var configuration = try options.configuration(directory: location.directory)
        limits.apply(to: &configuration)
        configuration.shutdownTimeout = .seconds(serverOptions.shutdownTimeout)
        return ModelDefinition(
            names: names.isEmpty ? [location.name] : names, configuration: configuration,
            keepAlive: management.keepAlive.map { .seconds($0) },
            loadsEagerly: !management.lazy)
    }
}
