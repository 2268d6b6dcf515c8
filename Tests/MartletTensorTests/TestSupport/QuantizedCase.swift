import MartletTensor
import MartletTestSupport

/// One linear layer with quantized weights and random contents, and its definition: whole numbers
/// are summed exactly, scales are applied in double precision.
struct QuantizedCase {
    let rows: Int
    let outputs: Int
    let inputs: Int
    let format: WeightFormat
    let input: [Float]
    let source: [Float]
    let bias: [Float]
    let residual: [Float]

    static let formats: [WeightFormat] =
        [.int8]
        + WeightFormat.groupSizes.flatMap { size in
            [false, true].map { .int4(groupSize: size, hasMinimum: $0) }
        }

    init(rows: Int, outputs: Int, inputs: Int, format: WeightFormat, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.rows = rows
        self.outputs = outputs
        self.inputs = inputs
        self.format = format
        input = generator.floats(rows * inputs)
        source = generator.floats(outputs * inputs)
        bias = generator.floats(outputs)
        residual = generator.floats(rows * outputs)
    }

    func packed(_ operators: Operators) -> PackedMatrix {
        let matrix = PackedMatrix(format: format, outputCount: outputs, inputCount: inputs)
        source.withUnsafeBytes {
            matrix.pack(
                $0, sourceDType: .float32, outputs: 0..<outputs, pool: operators.pool,
                kernels: operators.kernels)
        }
        return matrix
    }

    /// A row's activations as whole numbers, and the scale of each group of inputs.
    func activations(row: Int, groupSize: Int) -> (numbers: [Int], scales: [Float]) {
        var numbers: [Int] = []
        var scales: [Float] = []
        for begin in stride(from: 0, to: inputs, by: groupSize) {
            let end = min(begin + groupSize, inputs)
            let part = Rounding.quantized(input[row * inputs + begin..<row * inputs + end])
            numbers += part.numbers.map(Int.init)
            scales.append(part.scale)
        }
        return (numbers, scales)
    }

    /// The largest error relative to its bound: at most 1 for fp32 arithmetic that adds groups, and
    /// then bias and residual, in any order. A group's term is rounded at most five times before.
    func worstError(
        _ y: Tensor, _ packed: PackedNumbers, withBias: Bool, withResidual: Bool
    ) -> Double {
        var worst = 0.0
        for row in 0..<rows {
            let x = activations(row: row, groupSize: packed.groupSize)
            for output in 0..<outputs {
                var extra: [Double] = []
                if withBias { extra.append(Double(bias[output])) }
                if withResidual { extra.append(Double(residual[row * outputs + output])) }
                let terms = terms(x, packed, output) + extra
                let value = terms.reduce(0, +)
                let magnitude = terms.reduce(0) { $0 + abs($1) }
                let bound = Double(terms.count + 5) * Rounding.unit * magnitude + 0x1p-120
                let error = abs(Double(y.row(row)[output]) - value) / bound
                if error.isNaN { return .infinity }
                worst = max(worst, error)
            }
        }
        return worst
    }

    /// What each group adds to an output: its scaled dot product, and its minimum's share.
    private func terms(
        _ x: (numbers: [Int], scales: [Float]), _ packed: PackedNumbers, _ output: Int
    ) -> [Double] {
        var terms: [Double] = []
        for (group, scale) in x.scales.enumerated() {
            let first = group * packed.groupSize
            let range = first..<min(first + packed.groupSize, inputs)
            let dot = range.reduce(0) { $0 + x.numbers[$1] * packed.number(output, $1) }
            terms.append(Double(dot) * Double(scale) * Double(packed.scale(output, first)))
            let sum = range.reduce(0) { $0 + x.numbers[$1] }
            if !packed.minima.isEmpty {
                terms.append(Double(sum) * Double(scale) * Double(packed.minimum(output, first)))
            }
        }
        return terms
    }
}
