package import MartletJSON

/// A JSON object from a model's directory whose fields are read with their types and bounds, so
/// that what is wrong is reported with file and field.
///
/// A field that is `null` counts as missing, as it does in Python's configuration classes.
package struct ConfigurationFile: Sendable {
    /// The path, for messages.
    package let path: String
    /// The names of the sections around this one, each with a dot after it.
    let prefix: String
    /// The fields as they stand.
    package let members: JSONValue

    /// Far beyond any real configuration or shard index, in bytes.
    static let maximumByteCount = 64 << 20

    /// Reads `path`.
    ///
    /// - Throws: ``WeightsError`` for a file that cannot be read or is no JSON object.
    package init(path: String) throws(WeightsError) {
        let file = try MappedFile(path: path)
        guard file.byteCount <= Self.maximumByteCount else {
            throw .malformedConfiguration(file: path, reason: "\(file.byteCount) bytes is too long")
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: file.bytes.bindMemory(to: UInt8.self), maximumDepth: 64)
        } catch {
            throw .malformedConfiguration(file: path, reason: error.description)
        }
        guard value.object != nil else {
            throw .malformedConfiguration(file: path, reason: "\(value.kind) is no JSON object")
        }
        self.init(path: path, prefix: "", members: value)
    }

    /// `members` must be an object.
    package init(path: String, prefix: String = "", members: JSONValue) {
        self.path = path
        self.prefix = prefix
        self.members = members
    }

    /// Whether `field` is there and not null.
    package func has(_ field: String) -> Bool { value(field) != nil }

    func value(_ field: String) -> JSONValue? {
        guard let value = members[field], !value.isNull else { return nil }
        return value
    }

    /// An error about `field` of this file, with a reason that continues its name.
    package func invalid(_ field: String, _ reason: String) -> WeightsError {
        .invalidField(file: path, field: prefix + field, reason: reason)
    }

    /// An error about a value of `field` that is known elsewhere but not built here.
    package func unsupported(_ field: String, _ reason: String) -> WeightsError {
        .unsupportedField(file: path, field: prefix + field, reason: reason)
    }
}
