import MartletJSON

/// The section of `config.json` that tells everybody that the weights beside it are packed, and
/// other programs that they cannot read them.
package enum PackedConfiguration {
    package static let field = "quantization_config"
    private static let method = "martlet"

    /// Whether the weights beside `configuration` are packed.
    package static func isPacked(_ configuration: ConfigurationFile) -> Bool {
        configuration.members[field]?["quant_method"]?.string == method
    }

    /// Writes a copy of `configuration` for weights quantized in the way called `quantization`.
    package static func write(
        _ configuration: ConfigurationFile, quantization: String, to path: String
    ) throws(WeightsError) {
        let section: JSONValue = [
            "quant_method": .string(method), "format": .string(quantization),
            "layout_version": .integer(PackedCheckpoint.layoutVersion),
        ]
        let others = (configuration.members.members ?? []).filter { $0.name != field }
        let file = try OutputFile(path: path)
        try file.write(JSONValue(members: others + [(field, section)]).serialized)
        try file.synchronize()
    }
}
