package import MartletEngine
package import MartletJSON

extension JSONWriter {
    package mutating func optionalString(_ text: String?) {
        if let text { string(text) } else { raw("null") }
    }

    package mutating func tokens(_ ids: [Int32]) {
        raw("[")
        for (index, id) in ids.enumerated() {
            if index > 0 { raw(",") }
            integer(Int(id))
        }
        raw("]")
    }

    package mutating func strings(_ texts: some Sequence<String>) {
        raw("[")
        for (index, text) in texts.enumerated() {
            if index > 0 { raw(",") }
            string(text)
        }
        raw("]")
    }

    package mutating func optionalTokens(_ ids: [Int32]?) {
        if let ids { tokens(ids) } else { raw("null") }
    }

    package mutating func stopReason(_ reason: StopReason?) {
        switch reason {
        case .string(let text): string(text)
        case .token(let id): integer(Int(id))
        case nil: raw("null")
        }
    }

    /// A log probability; JSON has no infinities, so the wire's stand-in is used.
    package mutating func logprob(_ value: Float) {
        number(value.isFinite ? Double(value) : -9999)
    }
}

extension JSONWriter {
    package mutating func optionalInteger(_ value: Int?) {
        if let value { integer(value) } else { raw("null") }
    }
}
