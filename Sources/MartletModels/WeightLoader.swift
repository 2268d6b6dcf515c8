import MartletTensor
import MartletWeights

/// What an architecture builds its layers from: named weights, checked against the shapes that the
/// configuration promises, and written down where a packed checkpoint is made of them.
///
/// Not Sendable: one thread loads a model, and threads of a pool help it.
final class WeightLoader {
    /// The architecture's name, as `config.json` spells it.
    let architecture: String
    /// `config.json`.
    let configuration: ConfigurationFile
    /// `generation_config.json`, where there is one.
    let generationConfiguration: ConfigurationFile?
    let source: any WeightSource
    /// Put before every name: `model.` in most checkpoints, nothing in some.
    var prefix = ""
    /// Trained numbers of all weights used so far.
    private(set) var parameterCount = 0
    /// Bytes of all matrices and vectors made so far.
    private(set) var weightByteCount = 0

    private let writer: PackedCheckpointWriter?
    private let progress: (Double) -> Void
    private let isCancelled: () -> Bool
    private var loadedByteCount = 0
    private let totalByteCount: Int

    /// - Parameter writer: Gets every weight; the model that is loaded cannot compute afterwards.
    init(
        architecture: String, configuration: ConfigurationFile,
        generationConfiguration: ConfigurationFile?, source: any WeightSource,
        writer: PackedCheckpointWriter? = nil, progress: @escaping (Double) -> Void,
        isCancelled: @escaping () -> Bool
    ) {
        self.architecture = architecture
        self.configuration = configuration
        self.generationConfiguration = generationConfiguration
        self.source = source
        self.writer = writer
        self.progress = progress
        self.isCancelled = isCancelled
        totalByteCount = max(source.byteCount, 1)
    }

    /// Whether the checkpoint holds `name`.
    func has(_ name: String) -> Bool { source.has(prefix + name) }

    /// Takes the first of `candidates` as prefix with which the checkpoint holds `name`; the first
    /// of all where none does, so that the error names the usual spelling.
    func choosePrefix(_ candidates: [String], for name: String) {
        prefix = candidates.first { source.has($0 + name) } ?? candidates.first ?? ""
    }

    /// A linear layer `[outputs, inputs]`, from `name.weight` and, with `bias`, `name.bias`.
    func linear(
        _ name: String, outputs: Int, inputs: Int, bias: Bool = false
    ) throws(WeightsError) -> Linear {
        try linear([(name, outputs)], inputs: inputs, bias: bias)
    }

    /// Several linear layers of the same input as one, stacked in the order given.
    func linear(
        _ parts: [(name: String, outputs: Int)], inputs: Int, bias: Bool = false
    ) throws(WeightsError) -> Linear {
        let weight = try matrix(parts.map { ($0.name + ".weight", $0.outputs) }, inputs: inputs)
        guard bias else { return Linear(weight: weight, bias: nil) }
        var values: [Float] = []
        for part in parts { values += try floats(part.name + ".bias", count: part.outputs) }
        return Linear(weight: weight, bias: vector(values))
    }

    /// A linear layer that is stored as `[inputs, outputs]`, with a bias: GPT-2's `Conv1D`.
    func transposedLinear(
        _ name: String, outputs: Int, inputs: Int
    ) throws(WeightsError) -> Linear {
        let weight = try matrix([(name + ".weight", outputs)], inputs: inputs, transposed: true)
        return Linear(weight: weight, bias: vector(try floats(name + ".bias", count: outputs)))
    }

    /// Matrices stacked output over output.
    func matrix(
        _ parts: [(name: String, outputs: Int)], inputs: Int, transposed: Bool = false,
        role: MatrixRole = .layer
    ) throws(WeightsError) -> PackedMatrix {
        let request = MatrixRequest(
            parts: parts.map { (prefix + $0.name, $0.outputs) }, inputs: inputs,
            isTransposed: transposed, role: role)
        let matrix = try source.matrix(request) { byteCount throws(WeightsError) in
            try note(byteCount)
        }
        parameterCount += request.outputs * inputs
        weightByteCount += matrix.byteCount
        if let writer {
            try writer.add(matrix, name: request.name)
            matrix.releaseMemory()
        }
        return matrix
    }

    /// A vector of `count` elements, in fp32 whatever its type at rest.
    func vector(_ name: String, count: Int) throws(WeightsError) -> Vector {
        vector(try floats(name, count: count))
    }

    /// A vector that is not in the checkpoint.
    func vector(_ values: [Float]) -> Vector {
        weightByteCount += values.count * MemoryLayout<Float>.stride
        return Vector(values)
    }

    private func floats(_ name: String, count: Int) throws(WeightsError) -> [Float] {
        let values = try source.floats(prefix + name, count: count) {
            byteCount throws(WeightsError) in
            try note(byteCount)
        }
        parameterCount += count
        writer?.add(values, name: prefix + name)
        return values
    }

    /// Counts what was read, and stops where the caller asks for it.
    private func note(_ byteCount: Int) throws(WeightsError) {
        loadedByteCount += byteCount
        progress(min(Double(loadedByteCount) / Double(totalByteCount), 1))
        if isCancelled() { throw .cancelled }
    }
}
