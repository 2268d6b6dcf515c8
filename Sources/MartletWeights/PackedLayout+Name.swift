import MartletTensor

extension PackedLayout {
    /// As a packed checkpoint spells it: the format, outputs and inputs, `bfloat16 4096x1024`.
    var name: String { "\(format.name) \(outputCount)x\(inputCount)" }

    /// The layout of a name; nil for all others.
    init?(name: String) {
        let words = name.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, let format = WeightFormat(name: String(words[0])) else {
            return nil
        }
        let counts = words[1].split(separator: "x", omittingEmptySubsequences: false).map {
            Int($0)
        }
        guard counts.count == 2, let outputs = counts[0], let inputs = counts[1],
            let layout = try? PackedLayout(
                format: format, outputCount: outputs, inputCount: inputs),
            layout.name == name
        else { return nil }
        self = layout
    }
}
