package import MartletJSON

/// What an engine's memory goes to.
package struct MemoryAccount: Sendable {
    /// Before the model is loaded.
    package let start: MemoryReading
    /// With the model, before the first request.
    package let loaded: MemoryReading
    /// After a load.
    package let served: MemoryReading
    package let weightByteCount: Int
    /// Of the KV cache, what the load has written.
    package let cacheByteCount: Int

    package init(
        start: MemoryReading, loaded: MemoryReading, served: MemoryReading,
        weightByteCount: Int, cacheByteCount: Int
    ) {
        self.start = start
        self.loaded = loaded
        self.served = served
        self.weightByteCount = weightByteCount
        self.cacheByteCount = cacheByteCount
    }

    /// What is resident beside the weights before any request; negative where not all weights are.
    package var loadedOverhead: Int { loaded.resident - weightByteCount }
    /// What is resident beside weights and written cache after the load.
    package var servedOverhead: Int { served.resident - weightByteCount - cacheByteCount }

    /// The account for people.
    package func text(_ shape: LoadShape) -> String {
        var table = TextTable()
        table.add(["", "resident", "anonymous", "file", "peak"])
        table.add(start.row("before loading"))
        table.add(loaded.row("loaded"))
        table.add(served.row("after the load"))
        return """
            \(shape.requestCount) requests at once, \(shape.inputLength) tokens in, \
            \(shape.outputLength) out

            \(table.text)
            weights \(weightByteCount.mebibytes), KV cache written at most \
            \(cacheByteCount.mebibytes)
            overhead: \(loadedOverhead.mebibytes) loaded, \(servedOverhead.mebibytes) after the load

            """
    }

    /// The account for scripts.
    package func json(_ shape: LoadShape) -> JSONValue {
        [
            "load": .string(shape.description), "weight_bytes": .integer(weightByteCount),
            "cache_written_bytes": .integer(cacheByteCount), "start": start.json,
            "loaded": loaded.json, "served": served.json,
            "overhead_loaded_bytes": .integer(loadedOverhead),
            "overhead_served_bytes": .integer(servedOverhead),
        ]
    }
}
