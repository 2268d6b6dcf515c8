package import MartletTensor

extension WeightFormat {
    /// As packed checkpoints and configurations spell it: `bfloat16`, `int8`, `int4-g64` with a
    /// minimum for each group, `int4-g64-sym` without.
    package var name: String {
        switch self {
        case .dense(let dtype): dtype.rawValue
        case .int8: "int8"
        case .int4(let groupSize, let hasMinimum):
            "int4-g\(groupSize)" + (hasMinimum ? "" : "-sym")
        }
    }

    /// The format of a name; nil for all others.
    package init?(name: String) {
        let int4 = Self.groupSizes.flatMap { size in
            [true, false].map { Self.int4(groupSize: size, hasMinimum: $0) }
        }
        let all = DType.weightTypes.map(Self.dense) + [.int8] + int4
        guard let format = all.first(where: { $0.name == name }) else { return nil }
        self = format
    }
}
