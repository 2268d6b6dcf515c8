package import MartletChat
package import MartletSampling

/// A loaded model as callers see it: everything but the weights.
package struct ServedModel: Sendable {
    package let text: TextModel
    package let information: ModelInformation
    package let chatTemplate: ChatTemplate?
    /// The checkpoint's generation_config.json over vLLM's defaults.
    package let defaultSampling: SamplingParameters
    /// The most alternatives reported with a token; -1 for no limit.
    package let maximumLogprobCount: Int
    /// Where the prefix cache is kept over restarts.
    package var prefixStore: PrefixStore?

    package init(
        text: TextModel, information: ModelInformation, chatTemplate: ChatTemplate?,
        defaultSampling: SamplingParameters, maximumLogprobCount: Int
    ) {
        self.text = text
        self.information = information
        self.chatTemplate = chatTemplate
        self.defaultSampling = defaultSampling
        self.maximumLogprobCount = maximumLogprobCount
    }
}
