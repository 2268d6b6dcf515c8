import MartletWeights

extension WeightLoader {
    /// The description of the model that this loader has loaded, to be made last.
    func description(
        layerCount: Int, hiddenSize: Int, headCount: Int, kvHeadCount: Int, headDim: Int,
        vocabularySize: Int, maximumPositionCount: Int, slidingWindows: [Int?]
    ) throws(WeightsError) -> ModelDescription {
        let window = slidingWindows.reduce(slidingWindows.first ?? nil) { widest, window in
            guard let widest, let window else { return nil }
            return max(widest, window)
        }
        let generation = generationConfiguration
        let ids = 0...Int(Int32.max)
        var eosTokenIDs: [Int] = []
        for file in [generation, configuration].compactMap({ $0 }) {
            for id in try file.integers("eos_token_id", in: ids) where !eosTokenIDs.contains(id) {
                eosTokenIDs.append(id)
            }
        }
        var bosTokenID: Int?
        for file in [configuration, generation].compactMap({ $0 }) where bosTokenID == nil {
            bosTokenID = try file.integers("bos_token_id", in: ids).first
        }
        let defaults =
            if let generation {
                try GenerationDefaults(generation)
            } else {
                GenerationDefaults()
            }
        return ModelDescription(
            architecture: architecture, layerCount: layerCount, hiddenSize: hiddenSize,
            headCount: headCount, kvHeadCount: kvHeadCount, headDim: headDim,
            vocabularySize: vocabularySize, maximumPositionCount: maximumPositionCount,
            slidingWindow: window, dtype: source.dtype, quantization: source.quantization,
            parameterCount: parameterCount, weightByteCount: weightByteCount,
            isMapped: source.isMapped,
            eosTokenIDs: eosTokenIDs,
            bosTokenID: bosTokenID, generationDefaults: defaults)
    }
}
