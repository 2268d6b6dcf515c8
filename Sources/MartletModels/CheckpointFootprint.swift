import MartletTensor
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
    /// - Parameter quantization: Nil is as the checkpoint is.
    /// - Throws: ``WeightsError`` naming file and tensor or field.
    package init(
        directory: String, dtype: WeightType, quantization: WeightQuantization? = nil
    ) throws(WeightsError) {
        let configuration = try ConfigurationFile(path: directory + "/config.json")
        let sizes = try Sizes(configuration)
        let held: DType
        if PackedConfiguration.isPacked(configuration) {
            let checkpoint = try PackedCheckpoint(directory: directory)
            held = checkpoint.dtype
            weightByteCount = checkpoint.byteCount
        } else {
            let checkpoint = try Checkpoint(directory: directory)
            held = dtype.resolved(stored: checkpoint.dominantDType)
            weightByteCount = Self.byteCount(
                of: checkpoint, held, quantization ?? .none,
                vocabularySize: sizes.vocabularySize)
        }
        // Keys and values are as wide as the weights deserve.
        kvBytesPerToken =
            sizes.layerCount * 2 * sizes.kvWidth * (held == .float32 ? held : .bfloat16).byteCount
        maximumPositionCount = sizes.positionCount
        vocabularySize = sizes.vocabularySize
        activationWidths = sizes.widths
    }

    /// Bytes of all tensors in the types that they will be held in. What cannot be a weight is left
    /// out: the load tells what is wrong with it, if it is needed.
    private static func byteCount(
        of checkpoint: Checkpoint, _ dtype: DType, _ quantization: WeightQuantization,
        vocabularySize: Int
    ) -> Int {
        checkpoint.tensorNames.reduce(0) { sum, name in
            guard let tensor = checkpoint[name], let bitCount = tensor.dtype.bitCount else {
                return sum
            }
            let elementCount = tensor.byteCount * 8 / bitCount
            guard quantization != .none, tensor.shape.count == 2 else {
                return sum + elementCount * dtype.byteCount
            }
            let role: MatrixRole = tensor.shape[0] == vocabularySize ? .vocabulary : .layer
            let layout = try? quantization.layout(
                of: role, dtype: dtype, outputs: tensor.shape[0], inputs: tensor.shape[1])
            return sum + (layout?.byteCount ?? 0)
        }
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
