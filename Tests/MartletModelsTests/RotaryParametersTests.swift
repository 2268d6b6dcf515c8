import Foundation
import MartletModels
import MartletTestSupport
import MartletWeights
import Testing

@Suite struct RotaryParametersTests {
    private func parameters(
        _ fields: [String: Any], maximumPositionCount: Int = 2048
    ) throws -> RotaryParameters {
        let directory = try TemporaryDirectory()
        let path = try directory.write(
            try JSONSerialization.data(withJSONObject: fields), "config.json")
        return try RotaryParameters(
            try ConfigurationFile(path: path), maximumPositionCount: maximumPositionCount)
    }

    /// The oracle is transformers; see Tools/goldens/models_files.py.
    @Test func `frequencies are those of transformers in every spelling`() throws {
        let url = Bundle.module.resourceURL!.appending(path: "Fixtures/rope.json")
        let cases = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [[String: Any]])
        #expect(cases.count == 12)
        for (index, golden) in cases.enumerated() {
            let config = try #require(golden["config"] as? [String: Any])
            let expected = try #require(golden["frequencies"] as? [Double])
            let factor = try #require(golden["attention_factor"] as? Double)
            let rotary = try parameters(
                config,
                maximumPositionCount: try #require(config["max_position_embeddings"] as? Int))
            let found = rotary.inverseFrequencies(
                headDim: try #require(config["head_dim"] as? Int))
            #expect(found.count == expected.count)
            for (a, b) in zip(found, expected) {
                #expect(abs(a - b) <= 2e-6 * b, "case \(index)")
            }
            #expect(abs(rotary.attentionScaling - factor) < 1e-9, "case \(index)")
        }
    }

    @Test(arguments: ["dynamic", "longrope", "su", ""])
    func `scalings that are not built here are refused by name`(type: String) throws {
        for spelling in ["type", "rope_type"] {
            let error = #expect(throws: WeightsError.self) {
                try parameters(["rope_scaling": [spelling: type, "factor": 2.0]])
            }
            guard case .unsupportedField(_, "rope_scaling.\(spelling)", _) = error else {
                Issue.record("\(type): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `fields that cannot be are refused by name`() throws {
        let llama3: [String: Any] = [
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 4.0, "high_freq_factor": 1.0,
        ]
        let cases: [(fields: [String: Any], field: String)] = [
            (["rope_theta": "big"], "rope_theta"),
            (["rope_theta": 0], "rope_theta"),
            (["rope_parameters": 5], "rope_parameters"),
            (["rope_parameters": ["rope_type": 5]], "rope_parameters.rope_type"),
            (["rope_parameters": ["rope_type": "linear"]], "rope_parameters.factor"),
            (["rope_scaling": ["type": "linear", "factor": 0]], "rope_scaling.factor"),
            (["rope_parameters": llama3], "rope_parameters.high_freq_factor"),
            (["partial_rotary_factor": 0.5], "partial_rotary_factor"),
        ]
        for (fields, field) in cases {
            let error = #expect(throws: WeightsError.self) { try parameters(fields) }
            switch error {
            case .invalidField(_, field, _), .unsupportedField(_, field, _): break
            default: Issue.record("\(field): \(String(describing: error))")
            }
        }
    }
}
