import MartletTensor

/// A decoder layer of Llama and its kin: norm, attention, norm, gated MLP, both added to the
/// residual stream.
struct GatedBlock: Sendable {
    let attentionNorm: RMSNorm
    let attention: Attention
    let feedForwardNorm: RMSNorm
    let feedForward: GatedFeedForward

    /// Updates the residual stream in place.
    func callAsFunction(_ pass: ForwardPass) {
        let workspace = pass.workspace
        let pass = attention.project(
            pass.rows(of: workspace.normed),
            madeBy: attentionNorm(of: pass.rows(of: workspace.hidden)), pass)
        let hidden = pass.rows(of: workspace.hidden)
        attention.attend(addingTo: hidden, pass)
        feedForward(
            pass.rows(of: workspace.normed), madeBy: { feedForwardNorm(of: hidden.rows($0)) },
            addingTo: hidden, pass)
    }
}
