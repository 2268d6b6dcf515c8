import MartletTensor
import MartletTestSupport
import Testing

/// A linear layer that makes its input gives what one gives that finds it made, bit for bit.
@Suite struct RowMakerTests {
    private static let columns = 96

    private static let formats: [WeightFormat] = [
        .dense(.float32), .dense(.bfloat16), .dense(.float16), .int8,
        .int4(groupSize: 32, hasMinimum: true), .int4(groupSize: 32, hasMinimum: false),
    ]

    static let kinds = InstructionSet.supported.flatMap { isa in formats.map { (isa, $0) } }

    private func tensor(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Tensor {
        var generator = SeededGenerator(seed: seed)
        let x = Tensor(rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns {
                x.row(row)[column] = Float.random(in: -2...2, using: &generator)
            }
        }
        return x
    }

    private func makers(_ source: Tensor, _ wide: Tensor) -> [RowMaker] {
        let weight = Vector((0..<Self.columns).map { 1 + Float($0) / 100 })
        let bias = Vector((0..<Self.columns).map { Float($0) / 50 })
        return [
            .rmsNorm(of: source, weight: weight, epsilon: 1e-6),
            .layerNorm(of: source, weight: weight, bias: bias, epsilon: 1e-5),
            .gate(of: wide, .silu), .activation(.geluTanh),
        ]
    }

    /// Few rows are made by one thread, many by all.
    @Test(arguments: kinds, [1, 5, 400])
    func `made rows are the same before and within a product`(
        kind: (InstructionSet, WeightFormat), rows: Int
    ) throws {
        let operators = Operators.testing(kind.0, threads: 3)
        let weight = PackedMatrix(
            format: kind.1, outputCount: 70, inputCount: Self.columns)
        let values = (0..<70 * Self.columns).map { Float(($0 * 37) % 101 - 50) / 50 }
        values.withUnsafeBytes {
            weight.pack(
                $0, sourceDType: .float32, outputs: 0..<70, pool: operators.pool,
                kernels: operators.kernels)
        }
        let source = tensor(rows, Self.columns, 1)
        let wide = tensor(rows, 2 * Self.columns, 2)
        for (index, maker) in makers(source, wide).enumerated() {
            let (before, within) = (tensor(rows, Self.columns, 3), tensor(rows, Self.columns, 3))
            let (y, z) = (Tensor(rows: rows, columns: 70), Tensor(rows: rows, columns: 70))
            operators.make(before, by: maker)
            operators.linear(before, weight, into: y)
            operators.linear(within, madeBy: maker, weight, into: z)
            #expect(within.values == before.values, "maker \(index)")
            #expect(z.values == y.values, "maker \(index)")
        }
    }
}
