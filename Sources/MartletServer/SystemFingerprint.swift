import MartletEngine

/// The `system_fingerprint` of responses: it changes when what could change outputs changes.
enum SystemFingerprint {
    /// `martlet-<version>-<8 hexadecimal digits of the configuration>`.
    static func make(for model: ModelDefinition) -> String {
        let configuration = model.configuration
        let parts: [String] = [
            model.origin, configuration.dtype, configuration.quantization?.description ?? "",
            "\(configuration.maximumModelLength ?? 0)",
            "\(configuration.maximumBatchedTokenCount)", "\(configuration.blockSize)",
            "\(configuration.enablesPrefixCaching)", configuration.chatTemplate ?? "",
        ]
        let hash = hash(parts.joined(separator: "\0"))
        let digits = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
        let padding = String(repeating: "0", count: 8 - digits.count)
        return "martlet-\(MartletVersion.string)-\(padding)\(digits)"
    }

    /// FNV-1a: the same in every process, unlike `Hasher`.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }
}
