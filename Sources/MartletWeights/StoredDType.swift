/// The element type of a tensor at rest, under its safetensors name.
///
/// Only ``DType``'s three kinds become weights; the others are known so that their sizes can be
/// checked, and an unknown name is kept so that a file with one exotic tensor can still be listed.
package enum StoredDType: Hashable, Sendable {
    case float32, float16, bfloat16
    /// Another kind, with the width of an element in bits where it is known.
    case other(name: String, bitCount: Int?)

    private static let otherBitCounts: [String: Int] = [
        "BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64,
        "I64": 64, "F64": 64, "C64": 64, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8,
        "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "F6_E2M3": 6, "F6_E3M2": 6, "F4": 4,
    ]

    package init(name: String) {
        switch name {
        case "F32": self = .float32
        case "F16": self = .float16
        case "BF16": self = .bfloat16
        default: self = .other(name: name, bitCount: Self.otherBitCounts[name])
        }
    }

    package var name: String {
        switch self {
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .other(let name, _): name
        }
    }

    /// Width of one element in bits; nil for a kind nobody here has heard of.
    package var bitCount: Int? {
        switch self {
        case .float32: 32
        case .float16, .bfloat16: 16
        case .other(_, let bitCount): bitCount
        }
    }
}
