import MartletTensor
import MartletTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Norms, rotary embedding, activations and gathers against their definitions.
@Suite struct ElementwiseTests {
    /// 0 to twice the widest vector, and sizes of real models with odd tails.
    static let counts = Array(1...33) + [64, 127, 200, 1024, 1031]

    @Test(arguments: InstructionSet.supported)
    func `rmsNorm matches the definition`(isa: InstructionSet) {
        let operators = Operators.testing(isa)
        var generator = SeededGenerator(seed: 30)
        for count in Self.counts {
            let values = generator.floats(3 * count, scale: 5)
            let weight = generator.floats(count)
            let y = Tensor(rows: 3, columns: count)
            operators.make(
                y,
                by: .rmsNorm(
                    of: .misaligned(values, rows: 3, columns: count), weight: Vector(weight),
                    epsilon: 1e-5))
            for row in 0..<3 {
                let x = values[row * count..<(row + 1) * count].map { Double($0) }
                let mean = x.reduce(0) { $0 + $1 * $1 } / Double(count)
                for (i, got) in y.row(row).enumerated() {
                    let want = x[i] / (mean + 1e-5).squareRoot() * Double(weight[i])
                    // Half of the squares' relative error (they are all positive), and six
                    // roundings after it.
                    let bound = (Double(count) / 2 + 6) * Rounding.unit * abs(want) + 0x1p-120
                    #expect(abs(Double(got) - want) <= bound)
                }
            }
        }
    }

    @Test(arguments: InstructionSet.supported)
    func `layerNorm matches the definition`(isa: InstructionSet) {
        let operators = Operators.testing(isa)
        var generator = SeededGenerator(seed: 31)
        for count in Self.counts {
            let values = generator.floats(2 * count).map { $0 + 3 }
            let weight = generator.floats(count)
            let bias = generator.floats(count)
            let x = Tensor.misaligned(values, rows: 2, columns: count)
            operators.make(
                x,
                by: .layerNorm(
                    of: x, weight: Vector(weight), bias: Vector(bias), epsilon: 1e-3))
            for row in 0..<2 {
                let exact = values[row * count..<(row + 1) * count].map { Double($0) }
                let mean = exact.reduce(0, +) / Double(count)
                let variance = exact.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
                let scale = 1 / (variance + 1e-3).squareRoot()
                let largest = exact.map { abs($0) }.max() ?? 0
                for (i, got) in x.row(row).enumerated() {
                    let want = (exact[i] - mean) * scale * Double(weight[i]) + Double(bias[i])
                    // The mean's error shifts every element; the sum of squares feels it twice.
                    let bound =
                        (2 * Double(count) + 12) * Rounding.unit * largest * scale
                        * abs(Double(weight[i])) + 4 * Rounding.unit * abs(Double(bias[i])) + 1e-30
                    #expect(abs(Double(got) - want) <= bound)
                }
            }
        }
    }

    static func exact(_ activation: Activation, _ x: Double) -> Double {
        switch activation {
        case .silu: x / (1 + exp(-x))
        case .gelu: 0.5 * x * erfc(-x / 2.0.squareRoot())
        case .geluTanh:
            x / (1 + exp(-2 * 0.7978845608028654 * (x + 0.044715 * x * x * x)))
        case .relu: max(x, 0)
        }
    }

    /// The vectors' exponential is good to 2.5e-7, erf to 2e-7 absolute. GELU's exponent is off by
    /// six roundings of its size, which reach the result as a relative error.
    static func bound(_ activation: Activation, _ x: Double, _ exact: Double) -> Double {
        let exponent = 2 * 0.7978845608028654 * abs(x + 0.044715 * x * x * x)
        return switch activation {
        case .gelu: 2e-7 * abs(x)
        case .geluTanh: (4e-7 + exponent * 6 * Rounding.unit) * abs(exact) + 1e-36
        case .silu, .relu: 4e-7 * abs(exact) + 1e-37
        }
    }

    @Test(arguments: InstructionSet.supported, Activation.allCases)
    func `activations match their definitions`(isa: InstructionSet, activation: Activation) {
        let operators = Operators.testing(isa)
        var generator = SeededGenerator(seed: 34)
        for count in Self.counts {
            let values = generator.floats(2 * count, scale: 12)
            let up = generator.floats(2 * count)
            let x = Tensor.misaligned(values, rows: 2, columns: count)
            operators.make(x, by: .activation(activation))
            var joined: [Float] = []
            for row in 0..<2 {
                joined += values[row * count..<(row + 1) * count]
                joined += up[row * count..<(row + 1) * count]
            }
            let gated = Tensor(rows: 2, columns: count)
            operators.make(
                gated,
                by: .gate(of: .misaligned(joined, rows: 2, columns: 2 * count), activation))
            for (i, value) in values.enumerated() {
                let want = Self.exact(activation, Double(value))
                let bound = Self.bound(activation, Double(value), want)
                let got = Double(x.row(i / count)[i % count])
                #expect(abs(got - want) <= bound, "\(activation)(\(value))")
                let product = Double(gated.row(i / count)[i % count])
                let factor = Double(up[i])
                #expect(abs(product - want * factor) <= bound * abs(factor) * 1.01 + 1e-37)
            }
        }
    }

    @Test(arguments: InstructionSet.supported)
    func `activations stay sane at the extremes`(isa: InstructionSet) {
        let operators = Operators.testing(isa)
        let values: [Float] = [100, -100, 1e30, -1e30, 0, -0.0, 88.8, -88.8, 1e-30]
        for activation in Activation.allCases {
            let x = Tensor(values + [.nan], rows: 1, columns: 10)
            operators.make(x, by: .activation(activation))
            for (i, value) in values.enumerated() {
                let got = x.row(0)[i]
                if value >= 80 { #expect(got == value) }
                if value <= -80 { #expect(got <= 0 && got > -1e-30) }
                if value == 0 { #expect(got == 0) }
            }
            #expect(x.row(0)[9].isNaN)
        }
    }

    @Test(arguments: DType.weightTypes)
    func `gathers rows exactly and adds positions`(dtype: DType) {
        let operators = Operators.testing(.portable)
        var generator = SeededGenerator(seed: 35)
        let values = generator.floats(100 * 37).map { Rounding.round($0, to: dtype) }
        let table = PackedMatrix(outputCount: 100, inputCount: 37, dtype: dtype)
        values.withUnsafeBytes {
            table.pack($0, sourceDType: .float32, outputs: 0..<100, pool: operators.pool)
        }
        let ids: [Int32] = [99, 0, 64, 63, 64]
        let y = Tensor(rows: 5, columns: 37)
        operators.embed(ids, table, into: y)
        for (row, id) in ids.enumerated() {
            #expect(Array(y.row(row)) == Array(values[Int(id) * 37..<(Int(id) + 1) * 37]))
        }
        operators.addRows(of: table, at: [1, 1, 2, 3, 4], to: y)
        #expect(y.row(1)[5] == values[5] + values[37 + 5])
    }

    @Test(arguments: InstructionSet.supported)
    func `rows do not depend on how many there are`(isa: InstructionSet) {
        let operators = Operators.testing(isa)
        var generator = SeededGenerator(seed: 36)
        let values = generator.floats(100 * 1000)
        let weight = Vector(generator.floats(1000))
        let all = Tensor(values, rows: 100, columns: 1000)
        operators.make(all, by: .rmsNorm(of: all, weight: weight, epsilon: 1e-6))
        operators.make(all, by: .activation(.silu))
        for row in [0, 57, 99] {
            let one = Tensor(
                Array(values[row * 1000..<(row + 1) * 1000]), rows: 1, columns: 1000)
            operators.make(one, by: .rmsNorm(of: one, weight: weight, epsilon: 1e-6))
            operators.make(one, by: .activation(.silu))
            #expect(one.bits(row: 0) == all.bits(row: row))
        }
    }
}
