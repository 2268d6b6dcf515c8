import MartletTensor

/// A decoder layer that norms before it computes: norm, attention, norm, MLP, both added to the
/// residual stream.
struct PreNormBlock<Norm: RowNorm, Network: FeedForwardNetwork>: Sendable {
    let attentionNorm: Norm
    let attention: Attention
    let feedForwardNorm: Norm
    let feedForward: Network

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

/// The layer of Llama and its kin.
typealias GatedBlock = PreNormBlock<RMSNorm, GatedFeedForward>
