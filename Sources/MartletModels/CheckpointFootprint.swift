package import MartletWeights

/// What a model will take in memory, told from its files' headers before anything is loaded.
package struct CheckpointFootprint: Hashable, Sendable {
    /// Bytes of all weights in the type they will be held in.
    package let weightByteCount: Int
    /// Bytes that one token takes in the KV cache, all layers together.
    package let kvBytesPerToken: Int
    /// The longest context, in tokens.
    package let maximumPositionCount: Int
    package let vocabularySize: Int
    package let activationWidths: ActivationWidths

    /// Reads the headers in `directory`.
    ///
    /// - Throws: ``WeightsError`` naming file and tensor or field.
    package init(directory: String, dtype: WeightType) throws(WeightsError) {
        let checkpoint = try Checkpoint(directory: directory)
        var elementCount = 0
        var byteCounts: [StoredDType: Int] = [:]
        for name in checkpoint.tensorNames {
            guard let tensor = checkpoint[name], let bitCount = tensor.dtype.bitCount else {
                continue
            }
            elementCount += tensor.byteCount * 8 / bitCount
            byteCounts[tensor.dtype, default: 0] += tensor.byteCount
        }
        let stored = byteCounts.max { ($0.value, $0.key.name) < ($1.value, $1.key.name) }?.key
        let held: Int =
            switch dtype {
            case .float32: 4
            case .float16, .bfloat16: 2
            case .auto: stored == .float32 ? 4 : 2
            }
        weightByteCount = elementCount * held
        let sizes = try Sizes(ConfigurationFile(path: directory + "/config.json"))
        // Keys and values are as wide as the weights deserve.
        kvBytesPerToken = sizes.layerCount * 2 * sizes.kvWidth * held
        maximumPositionCount = sizes.positionCount
        vocabularySize = sizes.vocabularySize
        activationWidths = sizes.widths
    }

    /// The numbers that the families keep under different names.
    private struct Sizes {
        let layerCount: Int
        let kvWidth: Int
        let positionCount: Int
        let vocabularySize: Int
        let widths: ActivationWidths

        init(_ file: ConfigurationFile) throws(WeightsError) {
            if file.has("n_embd") {
                let sizes = try GPT2Configuration(file)
                layerCount = sizes.layerCount
                kvWidth = sizes.hiddenSize
                positionCount = sizes.positionCount
                vocabularySize = sizes.vocabularySize
                widths = ActivationWidths(
                    hidden: sizes.hiddenSize, projected: 3 * sizes.hiddenSize,
                    attended: sizes.hiddenSize, expanded: sizes.intermediateSize, gated: 0)
            } else if file.has("ffn_dim") {
                let sizes = try OPTConfiguration(file)
                layerCount = sizes.layerCount
                kvWidth = sizes.hiddenSize
                positionCount = sizes.positionCount
                vocabularySize = sizes.vocabularySize
                widths = sizes.activationWidths
            } else {
                let sizes = try DecoderConfiguration(file)
                layerCount = sizes.layerCount
                kvWidth = sizes.kvHeadCount * sizes.headDim
                positionCount = sizes.maximumPositionCount
                vocabularySize = sizes.vocabularySize
                widths = sizes.activationWidths
            }
        }
    }
}

extension ActivationWidths {
    /// Bytes of a ``Workspace`` for steps of `rowCount` tokens.
    package func byteCount(rowCount: Int) -> Int {
        let stepWide = 2 * hidden + projected + attended + embedded
        return MemoryLayout<Float>.stride
            * (rowCount * stepWide + min(rowCount, Workspace.mlpRowCount) * (expanded + gated))
    }
}
