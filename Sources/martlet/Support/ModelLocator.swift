import ArgumentParser
import FoundationEssentials
import MartletDemoModel

/// Finds the checkpoint that a user names.
struct ModelLocator {
    /// A checkpoint on this machine.
    struct Location {
        /// The directory with config.json.
        let directory: String
        /// What the user calls it.
        let name: String
    }

    var environment = ProcessInfo.processInfo.environment

    /// Finds a directory, or a name in the Hugging Face cache; without a name the demo model.
    ///
    /// - Throws: The exit status, after a message with what was tried and what there is.
    func locate(_ model: String?) throws -> Location {
        guard let model else {
            return Location(directory: DemoModel.directory, name: DemoModel.name)
        }
        if isDirectory(model) {
            guard exists(model + "/config.json") else {
                throw CommandFailure.report(
                    "the directory \(model) has no config.json, so it is not a checkpoint",
                    CommandFailure.modelNotFound)
            }
            return Location(directory: model, name: model)
        }
        if let directory = cached(model) { return Location(directory: directory, name: model) }
        throw CommandFailure.report(complaint(about: model), CommandFailure.modelNotFound)
    }

    /// Where models that were downloaded with Hugging Face's tools are.
    var cacheDirectory: String {
        if let hub = environment["HF_HUB_CACHE"] { return hub }
        if let home = environment["HF_HOME"] { return home + "/hub" }
        let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
        return cache + "/huggingface/hub"
    }

    /// The snapshot of a model's main branch, or the only one there is.
    private func cached(_ name: String) -> String? {
        guard !name.isEmpty, !name.contains(".."), !name.hasPrefix("/") else { return nil }
        let folder = "/models--" + name.split(separator: "/").joined(separator: "--")
        let model = cacheDirectory + folder
        var revisions: [String] = []
        if let data = FileManager.default.contents(atPath: model + "/refs/main") {
            revisions.append(String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace })
        }
        revisions += entries(of: model + "/snapshots").sorted()
        return revisions.map { model + "/snapshots/" + $0 }
            .first { exists($0 + "/config.json") }
    }

    private func complaint(about model: String) -> String {
        var text = "no model '\(model)': there is no such directory, and none in the cache "
        text += cacheDirectory
        let names = cachedNames()
        if exists(model), model.hasSuffix(".gguf") || model.hasSuffix(".safetensors") {
            text = "\(model) is a file; give the directory of a Hugging Face checkpoint"
        } else if names.isEmpty {
            text += "\n  Download it first (for example: hf download \(model)), "
            text += "or run without a model for the built-in demo."
        } else {
            text += "\n  Cached are: " + names.joined(separator: ", ")
        }
        return text
    }

    private func cachedNames() -> [String] {
        entries(of: cacheDirectory).filter { $0.hasPrefix("models--") }.sorted().map { folder in
            String(folder.dropFirst("models--".count)).replacing("--", with: "/")
        }
    }

    private func entries(of directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    private func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && isDirectory
    }
}
