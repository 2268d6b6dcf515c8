/// Cosines and sines of rotary position embedding, [maximumPosition, rotaryDim / 2] fp32 each.
///
/// Filled as positions are first used: a table for 131,072 positions would otherwise cost 64 MiB
/// and a noticeable start.
package struct RotaryTable: Sendable {
    let storage: RotaryStorage

    /// - Parameters:
    ///   - inverseFrequencies: One per rotated pair; taken to fp32.
    ///   - attentionScaling: Factor on cosines and sines (YaRN); 1 otherwise.
    ///   - maximumPosition: Positions that exist: 0..<maximumPosition.
    /// - Source: transformers' rotary embedding: the angle is the fp32 product of inverse
    ///   frequency and position.
    package init(inverseFrequencies: [Double], attentionScaling: Float, maximumPosition: Int) {
        storage = RotaryStorage(
            frequencies: inverseFrequencies.map { Float($0) }, scaling: attentionScaling,
            maximumPosition: maximumPosition)
    }

    /// Dimensions rotated per head.
    package var rotaryDim: Int { 2 * storage.pairCount }

    /// Positions that exist.
    package var maximumPosition: Int { storage.maximumPosition }

    /// Cosine and sine rows of one position.
    package func row(_ position: Int) -> (cosine: [Float], sine: [Float]) {
        storage.fill(through: position)
        let count = storage.pairCount
        return (
            Array(UnsafeBufferPointer(start: storage.cosine(position), count: count)),
            Array(UnsafeBufferPointer(start: storage.sine(position), count: count))
        )
    }
}
