import MartletTensor
import Testing

@Suite struct QuantizedLinearTests {
    /// Every instruction set of this machine with every quantized format.
    static let kinds = InstructionSet.supported.flatMap { isa in
        QuantizedCase.formats.map { (isa, $0) }
    }

    /// Around the register tiles of 6 rows and 64 columns, the fours and eights of inputs, the
    /// groups and the cache blocks.
    static let shapes: [(rows: Int, outputs: Int, inputs: Int)] = [
        (1, 1, 1), (1, 64, 4), (2, 63, 3), (3, 65, 7), (4, 128, 16), (5, 130, 33), (6, 64, 64),
        (7, 100, 31), (8, 17, 257), (12, 64, 255), (13, 127, 129), (97, 64, 65), (1, 192, 1025),
        (6, 65, 1030), (25, 64, 700), (0, 64, 8),
    ]

    @Test(arguments: kinds, shapes)
    func `sums whole numbers exactly, and scales them`(
        kind: (InstructionSet, WeightFormat), shape: (rows: Int, outputs: Int, inputs: Int)
    ) {
        let operators = Operators.testing(kind.0)
        let example = QuantizedCase(
            rows: shape.rows, outputs: shape.outputs, inputs: shape.inputs, format: kind.1,
            seed: 40)
        let weight = example.packed(operators)
        let packed = PackedNumbers(weight)
        let x = Tensor.misaligned(example.input, rows: shape.rows, columns: shape.inputs)
        let y = Tensor.misaligned(example.residual, rows: shape.rows, columns: shape.outputs)
        let bias = Vector(example.bias)
        operators.linear(x, weight, bias: bias, addingTo: y)
        #expect(example.worstError(y, packed, withBias: true, withResidual: true) <= 1)
        operators.linear(x, weight, into: y)
        #expect(example.worstError(y, packed, withBias: false, withResidual: false) <= 1)
    }

    @Test(arguments: InstructionSet.supported)
    func `sums the largest numbers at the largest depth`(isa: InstructionSet) {
        let operators = Operators.testing(isa)
        let inputs = 131_072
        let weight = PackedMatrix(format: .int8, outputCount: 2, inputCount: inputs)
        let source = (0..<2 * inputs).map { $0 < inputs ? Float(127) : -127 }
        source.withUnsafeBytes {
            weight.pack($0, sourceDType: .float32, outputs: 0..<2, pool: operators.pool)
        }
        let x = Tensor(rows: 2, columns: inputs)
        for index in 0..<inputs {
            x.row(0)[index] = 127
            x.row(1)[index] = -127
        }
        let y = Tensor(rows: 2, columns: 2)
        operators.linear(x, weight, into: y)
        let sum = Float(127 * 127 * inputs)
        #expect(y.values == [sum, -sum, -sum, sum])
    }

    @Test(arguments: kinds)
    func `gives a row the same bits whatever rows surround it`(
        kind: (InstructionSet, WeightFormat)
    ) {
        let pools = [1, 2, 3].map { Operators.testing(kind.0, threads: $0) }
        let inputs = 700
        let example = QuantizedCase(
            rows: 100, outputs: 130, inputs: inputs, format: kind.1, seed: 41)
        let weight = example.packed(pools[0])
        let bias = Vector(example.bias)
        let x = Tensor(example.input, rows: 100, columns: inputs)
        let alone = Tensor(rows: 100, columns: 130)
        for row in 0..<100 {
            let one = row..<row + 1
            pools[0].linear(x.rows(one), weight, bias: bias, into: alone.rows(one))
        }
        for (index, rows) in (Array(1...20) + [33, 97, 100]).enumerated() {
            let y = Tensor(rows: rows, columns: 130)
            pools[index % 3].linear(x.prefix(rows: rows), weight, bias: bias, into: y)
            for row in 0..<rows { #expect(y.bits(row: row) == alone.bits(row: row)) }
        }
    }

    @Test func `gives int8 the same bits on every instruction set`() {
        let example = QuantizedCase(rows: 9, outputs: 70, inputs: 515, format: .int8, seed: 42)
        let x = Tensor(example.input, rows: 9, columns: 515)
        let bits = InstructionSet.supported.map { isa in
            let operators = Operators.testing(isa)
            let y = Tensor(rows: 9, columns: 70)
            operators.linear(x, example.packed(operators), into: y)
            return (0..<9).flatMap { y.bits(row: $0) }
        }
        for other in bits { #expect(other == bits[0]) }
    }

    @Test(arguments: kinds)
    func `keeps infinities and NaN in their rows`(kind: (InstructionSet, WeightFormat)) {
        let operators = Operators.testing(kind.0)
        let example = QuantizedCase(rows: 8, outputs: 65, inputs: 40, format: kind.1, seed: 43)
        var input = example.input
        input[2 * 40 + 7] = .nan
        input[5 * 40 + 39] = .infinity
        for column in 0..<40 { input[6 * 40 + column] = 0x1p-127 }
        let y = Tensor(rows: 8, columns: 65)
        let x = Tensor(input, rows: 8, columns: 40)
        operators.linear(x, example.packed(operators), into: y)
        for row in 0..<8 {
            switch row {
            case 2, 5: #expect(y.row(row).allSatisfy { $0.isNaN })
            case 6: #expect(y.row(row).allSatisfy { $0 == 0 })
            default: #expect(y.row(row).allSatisfy { $0.isFinite })
            }
        }
    }

    @Test(arguments: kinds)
    func `leaves memory beside the output alone`(kind: (InstructionSet, WeightFormat)) {
        let operators = Operators.testing(kind.0)
        let example = QuantizedCase(rows: 9, outputs: 70, inputs: 24, format: kind.1, seed: 44)
        let whole = Tensor(rows: 9, columns: 90)
        for row in 0..<9 { for column in 0..<90 { whole.row(row)[column] = 42 } }
        let x = Tensor(example.input, rows: 9, columns: 24)
        operators.linear(x, example.packed(operators), into: whole.columns(10..<80))
        for row in 0..<9 {
            #expect(whole.row(row)[0..<10].allSatisfy { $0 == 42 })
            #expect(whole.row(row)[80..<90].allSatisfy { $0 == 42 })
        }
    }
}
