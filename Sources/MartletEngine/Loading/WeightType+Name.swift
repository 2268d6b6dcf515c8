import MartletModels

extension WeightType {
    /// - Throws: ``EngineError`` for a name that is none.
    init(named name: String) throws(EngineError) {
        guard let type = WeightType(rawValue: name) else {
            throw EngineError(
                .invalidConfiguration,
                "--dtype must be one of auto, float32, bfloat16 and float16, and is \(name).",
                parameter: "dtype")
        }
        self = type
    }
}
