/// Turns bytes that arrive in pieces into text, holding back a character that is not complete.
///
/// Invalid bytes become U+FFFD by the rule of maximal subparts, so that the text is the same
/// however the bytes are cut.
struct UTF8Assembler: Sendable {
    /// At most three bytes: a lead and continuations that could still become a character.
    private var pending: [UInt8] = []

    init() {}

    /// Adds bytes and returns the text that no further byte can change.
    mutating func append(_ bytes: ArraySlice<UInt8>) -> String {
        if pending.isEmpty, let last = bytes.last, last < 0x80 {
            return String(decoding: bytes, as: UTF8.self)
        }
        pending.append(contentsOf: bytes)
        let complete = pending.count - Self.incompleteSuffixLength(pending)
        guard complete > 0 else { return "" }
        let text = String(decoding: pending[..<complete], as: UTF8.self)
        pending.removeFirst(complete)
        return text
    }

    /// Returns what is held back, as U+FFFD.
    mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end could be the beginning of a character.
    private static func incompleteSuffixLength(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            if lead & 0xC0 == 0x80 { continue }
            let second = length > 1 ? bytes[bytes.count - length + 1] : nil
            return isIncomplete(lead: lead, second: second, length) ? length : 0
        }
        return 0
    }

    private static func isIncomplete(lead: UInt8, second: UInt8?, _ length: Int) -> Bool {
        switch lead {
        case 0xC2...0xDF: length < 2
        case 0xE0: length < 3 && (second ?? 0xBF) >= 0xA0
        case 0xED: length < 3 && (second ?? 0x80) <= 0x9F
        case 0xE1...0xEF: length < 3
        case 0xF0: length < 4 && (second ?? 0xBF) >= 0x90
        case 0xF1...0xF3: length < 4
        case 0xF4: length < 4 && (second ?? 0x80) <= 0x8F
        default: false
        }
    }
}
