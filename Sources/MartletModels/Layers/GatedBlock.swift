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
        attentionNorm(
            pass.rows(of: workspace.hidden), into: pass.rows(of: workspace.normed),
            pass.operators)
        let pass = attention.project(pass.rows(of: workspace.normed), pass)
        let hidden = pass.rows(of: workspace.hidden)
        let normed = pass.rows(of: workspace.normed)
        attention.attend(addingTo: hidden, pass)
        feedForwardNorm(hidden, into: normed, pass.operators)
        feedForward(normed, addingTo: hidden, pass)
    }
}
