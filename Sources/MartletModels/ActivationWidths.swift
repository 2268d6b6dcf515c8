/// How wide each of a model's activations is, in floats per row.
package struct ActivationWidths: Sendable, Hashable {
    /// The residual stream.
    package var hidden: Int
    /// Query, key and value heads side by side.
    package var projected: Int
    /// The query heads' outputs side by side.
    package var attended: Int
    /// What the first linear layer of the MLP puts out: gate and up, or up alone.
    package var expanded: Int
    /// The MLP's width after gating; 0 where there is no gate and `expanded` is used in place.
    package var gated: Int
    /// Token embeddings, where they are not as wide as the residual stream; else 0.
    package var embedded = 0
}
