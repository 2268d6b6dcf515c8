package import MartletTensor

/// A decoder-only language model in memory: token ids and positions in, logits out.
///
/// A model is wiring around packed weights. It keeps no state between steps: the KV cache, the
/// activations and the worker threads come with each ``ForwardPass``, so one model may serve any
/// number of engines.
package protocol LanguageModel: Sendable {
    var description: ModelDescription { get }

    /// The widths of the activations that a step needs room for.
    var activationWidths: ActivationWidths { get }

    /// Runs embedding and layers over the rows of the pass, writing their keys and values.
    ///
    /// - Returns: The wanted rows' hidden states `[wantedRows, hiddenSize]` before the final norm:
    ///   memory of the pass's workspace, valid until the next step.
    func hiddenStates(_ pass: ForwardPass) -> Tensor

    /// Computes the logits of some hidden states.
    ///
    /// - Parameters:
    ///   - hidden: `[rows, hiddenSize]`, as ``hiddenStates(_:)`` returned them.
    ///   - logits: `[rows, vocabularySize]`, overwritten.
    func logits(of hidden: Tensor, into logits: Tensor, _ pass: ForwardPass)
}
