import MartletTensor
import Testing

@Suite struct LinearTests {
    /// Every instruction set of this machine with every weight type.
    static let kinds = InstructionSet.supported.flatMap { isa in
        DType.weightTypes.map { (isa, $0) }
    }

    /// Around the register tiles of 6 rows and 64 columns, the pairs of bf16 and the cache blocks.
    static let shapes: [(rows: Int, outputs: Int, inputs: Int)] = [
        (1, 1, 1), (1, 64, 2), (2, 63, 3), (3, 65, 7), (4, 128, 16), (5, 130, 31), (6, 64, 64),
        (7, 200, 33), (8, 17, 257), (11, 70, 64), (12, 64, 255), (13, 127, 129), (19, 192, 40),
        (33, 66, 513), (97, 64, 65), (1, 640, 1025), (6, 129, 1030), (100, 100, 36), (0, 64, 8),
    ]

    @Test(arguments: kinds, shapes)
    func `matches the definition`(
        kind: (InstructionSet, DType), shape: (rows: Int, outputs: Int, inputs: Int)
    ) {
        let operators = Operators.testing(kind.0)
        let example = LinearCase(
            rows: shape.rows, outputs: shape.outputs, inputs: shape.inputs, dtype: kind.1,
            seed: 1)
        let weight = example.packed(pool: operators.pool)
        let x = Tensor(example.input, rows: shape.rows, columns: shape.inputs)
        let y = Tensor(rows: shape.rows, columns: shape.outputs)
        operators.linear(x, weight, into: y)
        #expect(example.worstError(y, withBias: false, withResidual: false) <= 1)
    }

    @Test(arguments: kinds, shapes)
    func `adds bias and residual through misaligned views`(
        kind: (InstructionSet, DType), shape: (rows: Int, outputs: Int, inputs: Int)
    ) {
        let operators = Operators.testing(kind.0)
        let example = LinearCase(
            rows: shape.rows, outputs: shape.outputs, inputs: shape.inputs, dtype: kind.1,
            seed: 2)
        let weight = example.packed(pool: operators.pool)
        let x = Tensor.misaligned(example.input, rows: shape.rows, columns: shape.inputs)
        let y = Tensor.misaligned(example.residual, rows: shape.rows, columns: shape.outputs)
        operators.linear(x, weight, bias: Vector(example.bias), addingTo: y)
        #expect(example.worstError(y, withBias: true, withResidual: true) <= 1)
        operators.linear(x, weight, bias: Vector(example.bias), into: y)
        #expect(example.worstError(y, withBias: true, withResidual: false) <= 1)
    }

    @Test(arguments: kinds)
    func `leaves memory beside the output alone`(kind: (InstructionSet, DType)) {
        let operators = Operators.testing(kind.0)
        let example = LinearCase(rows: 9, outputs: 70, inputs: 24, dtype: kind.1, seed: 3)
        let weight = example.packed(pool: operators.pool)
        let whole = Tensor(rows: 9, columns: 90)
        let x = Tensor(example.input, rows: 9, columns: 24)
        for row in 0..<9 { for column in 0..<90 { whole.row(row)[column] = 42 } }
        operators.linear(x, weight, into: whole.columns(10..<80))
        for row in 0..<9 {
            #expect(whole.row(row)[0..<10].allSatisfy { $0 == 42 })
            #expect(whole.row(row)[80..<90].allSatisfy { $0 == 42 })
        }
    }

    @Test(arguments: kinds)
    func `gives a row the same bits whatever rows surround it`(kind: (InstructionSet, DType)) {
        let operators = Operators.testing(kind.0)
        let inputs = 700
        let example = LinearCase(rows: 100, outputs: 130, inputs: inputs, dtype: kind.1, seed: 4)
        let weight = example.packed(pool: operators.pool)
        let bias = Vector(example.bias)
        let x = Tensor(example.input, rows: 100, columns: inputs)
        let alone = Tensor(rows: 100, columns: 130)
        for row in 0..<100 {
            let one = row..<row + 1
            operators.linear(x.rows(one), weight, bias: bias, into: alone.rows(one))
        }
        for rows in Array(1...20) + [33, 100] {
            let y = Tensor(rows: rows, columns: 130)
            operators.linear(x.prefix(rows: rows), weight, bias: bias, into: y)
            for row in 0..<rows { #expect(y.bits(row: row) == alone.bits(row: row)) }
        }
    }

    @Test(arguments: kinds)
    func `keeps infinities and NaN in their rows`(kind: (InstructionSet, DType)) {
        let operators = Operators.testing(kind.0)
        var example = LinearCase(rows: 8, outputs: 65, inputs: 40, dtype: kind.1, seed: 5).input
        let weight = LinearCase(rows: 8, outputs: 65, inputs: 40, dtype: kind.1, seed: 5)
            .packed(pool: operators.pool)
        example[2 * 40 + 7] = .nan
        example[5 * 40 + 1] = .infinity
        let y = Tensor(rows: 8, columns: 65)
        operators.linear(Tensor(example, rows: 8, columns: 40), weight, into: y)
        for row in 0..<8 {
            switch row {
            case 2: #expect(y.row(row).allSatisfy { $0.isNaN })
            case 5: #expect(y.row(row).allSatisfy { !$0.isFinite })
            default: #expect(y.row(row).allSatisfy { $0.isFinite })
            }
        }
    }
}
