import FoundationEssentials
package import MartletEngine

/// What every object of one response has in common.
package struct ResponseHeader: Sendable {
    /// `cmpl-...` or `chatcmpl-...`.
    package let id: String
    /// Seconds since 1970.
    package let created: Int
    /// The name of the model.
    package let model: String
    /// See ``SystemFingerprint``.
    package let fingerprint: String

    package init(prefix: String, requestID: String?, model: ModelDefinition) {
        id = prefix + (requestID ?? RandomID.make())
        created = Int(Date().timeIntervalSince1970)
        self.model = model.name
        fingerprint = SystemFingerprint.make(for: model)
    }
}

/// Random identifiers.
package enum RandomID {
    /// `digits` random hexadecimal digits: 16, or a multiple.
    package static func make(digits: Int = 16) -> String {
        var text = ""
        while text.count < digits {
            let word = String(UInt64.random(in: 0 ... .max), radix: 16)
            text += String(repeating: "0", count: 16 - word.count) + word
        }
        return text
    }
}
