import MartletTensor
import MartletTestSupport

/// One linear layer with random contents, and its definition in double precision.
struct LinearCase {
    let rows: Int
    let outputs: Int
    let inputs: Int
    let dtype: DType
    let input: [Float]
    let weight: [Float]
    let bias: [Float]
    let residual: [Float]

    init(rows: Int, outputs: Int, inputs: Int, dtype: DType, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        self.rows = rows
        self.outputs = outputs
        self.inputs = inputs
        self.dtype = dtype
        input = generator.floats(rows * inputs)
        weight = generator.floats(outputs * inputs).map { Rounding.round($0, to: dtype) }
        bias = generator.floats(outputs)
        residual = generator.floats(rows * outputs)
    }

    func packed(pool: WorkerPool) -> PackedMatrix {
        let matrix = PackedMatrix(outputCount: outputs, inputCount: inputs, dtype: dtype)
        weight.withUnsafeBytes {
            matrix.pack($0, sourceDType: .float32, outputs: 0..<outputs, pool: pool)
        }
        return matrix
    }

    /// Exact sum, and the sum of magnitudes that bounds the rounding of any summation order.
    func expected(row: Int, output: Int) -> (value: Double, magnitude: Double) {
        var value = 0.0
        var magnitude = 0.0
        for k in 0..<inputs {
            let x = input[row * inputs + k]
            let rounded = dtype == .bfloat16 ? Rounding.bfloat16(x) : x
            let product = Double(rounded) * Double(weight[output * inputs + k])
            value += product
            magnitude += abs(product)
        }
        return (value, magnitude)
    }

    /// The largest error relative to its bound, (inputs + 2) u (sum of magnitudes + |terms|): at
    /// most 1 for a correct fp32 summation in any order (Higham 2002, section 4.2).
    func worstError(_ y: Tensor, withBias: Bool, withResidual: Bool) -> Double {
        var worst = 0.0
        for row in 0..<rows {
            for output in 0..<outputs {
                var (value, magnitude) = expected(row: row, output: output)
                if withBias {
                    value += Double(bias[output])
                    magnitude += abs(Double(bias[output]))
                }
                if withResidual {
                    value += Double(residual[row * outputs + output])
                    magnitude += abs(Double(residual[row * outputs + output]))
                }
                let bound = Double(inputs + 2) * Rounding.unit * magnitude + 0x1p-120
                let error = abs(Double(y.row(row)[output]) - value) / bound
                worst = error <= worst ? worst : error
                if error.isNaN { return .infinity }
            }
        }
        return worst
    }
}
