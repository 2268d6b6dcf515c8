import Foundation

/// What transformers computes with a fixture model; see Tools/goldens/models.py.
struct Golden: Decodable {
    struct Logprobs: Decodable {
        /// For each generated token the most likely ids there and their logprobs.
        let steps: [[[Double]]]
        /// The logprobs of the prompt's tokens from the second on.
        let prompt: [Double]
    }

    struct Result: Decodable {
        let prompt: [Int32]
        /// Greedy, computed in float32.
        let tokens: [Int32]
        /// In the model's own type.
        let logprobs: Logprobs
        /// Computed in float32, for models of half precision.
        let exact: Logprobs?
    }

    let results: [Result]

    static func directory(_ name: String) -> String {
        Bundle.module.resourceURL!.appending(path: "Fixtures/Models/\(name)").path
    }

    init(_ name: String) throws {
        let path = Self.directory(name) + "/golden.json"
        let data = try Data(contentsOf: URL(filePath: path))
        self = try JSONDecoder().decode(Golden.self, from: data)
    }
}
