import MartletTensor

/// A decoder layer of Llama and its kin: norm, attention, norm, gated MLP, both added to the
/// residual stream.
struct GatedBlock: Sendable {
    let attentionNorm: RMSNorm
    let attention: Attention
    let feedForwardNorm: RMSNorm
    let feedForward: GatedFeedForward

    /// Updates the residual stream `[rows, hidden]` in place.
    func callAsFunction(_ hidden: Tensor, _ pass: ForwardPass) {
        let normed = pass.rows(of: pass.workspace.normed)
        attentionNorm(hidden, into: normed, pass.operators)
        attention(normed, addingTo: hidden, pass)
        feedForwardNorm(hidden, into: normed, pass.operators)
        feedForward(normed, addingTo: hidden, pass)
    }
}
