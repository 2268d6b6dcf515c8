import MartletTensor
import MartletTestSupport
import Testing

@Suite struct PackedMatrixTests {
    let pool = WorkerPool(threadCount: 2)

    static let conversions = DType.weightTypes.flatMap { from in
        DType.weightTypes.map { (from, $0) }
    }
    static let shapes = [(1, 1), (63, 5), (64, 64), (65, 33), (200, 31), (130, 100)]

    /// Encodes values as little-endian bytes of `dtype`, one byte off any alignment.
    func encode(_ values: [Float], _ dtype: DType) -> [UInt8] {
        var bytes: [UInt8] = [0]
        for value in values {
            var bits: UInt32
            switch dtype {
            case .float32: bits = value.bitPattern
            case .bfloat16: bits = value.bitPattern >> 16
            case .float16: bits = UInt32(Float16Bits.encode(value))
            case .int8: preconditionFailure("no weights of int8")
            }
            for _ in 0..<dtype.byteCount {
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
            }
        }
        return bytes
    }

    func unpacked(_ matrix: PackedMatrix) -> [Float] {
        var row = [Float](repeating: .nan, count: matrix.inputCount)
        return (0..<matrix.outputCount).flatMap { index in
            matrix.unpackRow(index, into: &row)
            return row
        }
    }

    @Test(arguments: conversions, shapes)
    func `gives back what was packed, rounded to nearest even`(
        conversion: (DType, DType), shape: (Int, Int)
    ) {
        let (from, to) = conversion
        let (outputs, inputs) = shape
        var generator = SeededGenerator(seed: 20)
        let values = generator.floats(outputs * inputs).map { Rounding.round($0, to: from) }
        let matrix = PackedMatrix(outputCount: outputs, inputCount: inputs, dtype: to)
        let bytes = encode(values, from)
        bytes.withUnsafeBytes {
            matrix.pack(
                UnsafeRawBufferPointer(rebasing: $0[1...]), sourceDType: from,
                outputs: 0..<outputs, pool: pool)
        }
        #expect(unpacked(matrix) == values.map { Rounding.round($0, to: to) })
    }

    @Test(arguments: conversions)
    func `packs transposed, strided and fused sources`(conversion: (DType, DType)) {
        let (from, to) = conversion
        var generator = SeededGenerator(seed: 21)
        let parts = [0..<50, 50..<67, 67..<150]
        let inputs = 37
        let matrix = PackedMatrix(outputCount: 150, inputCount: inputs, dtype: to)
        var expected: [Float] = []
        for (index, part) in parts.enumerated() {
            let values = generator.floats(part.count * inputs)
                .map { Rounding.round(Rounding.round($0, to: from), to: to) }
                .map { Rounding.round($0, to: from) }
            expected += values.map { Rounding.round($0, to: to) }
            let transposed = index == 1
            let width = (transposed ? part.count : inputs) + 3
            let height = transposed ? inputs : part.count
            var source = [Float](repeating: 0, count: width * height)
            for output in 0..<part.count {
                for input in 0..<inputs {
                    let at = transposed ? input * width + output : output * width + input
                    source[at] = values[output * inputs + input]
                }
            }
            encode(source, from).withUnsafeBytes {
                matrix.pack(
                    UnsafeRawBufferPointer(rebasing: $0[1...]), sourceDType: from,
                    outputs: part, transposed: transposed, sourceRowStride: width, pool: pool)
            }
        }
        #expect(unpacked(matrix) == expected)
    }

    @Test func `converts every f16 exactly`() {
        let values = (0...UInt16.max).map { Float16Bits.decode($0) }
        let matrix = PackedMatrix(outputCount: 64, inputCount: 1024, dtype: .float16)
        let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        bytes.withUnsafeBytes {
            matrix.pack($0, sourceDType: .float16, outputs: 0..<64, pool: pool)
        }
        for (got, want) in zip(unpacked(matrix), values) {
            #expect(got.bitPattern == want.bitPattern || (got.isNaN && want.isNaN))
        }
    }

    @Test func `rounds infinities, NaN, subnormals and overflow as IEEE 754 says`() {
        let values: [Float] = [
            .infinity, -.infinity, .nan, -0.0, 0, 65504, 65519.9, 65520, 1e-8, 0x1p-24, 0x1.8p-25,
            0x1p-25, -0x1.ffep-15, 3.4e38, Float(bitPattern: 0x7f80_0001),
        ]
        for dtype in [DType.float16, .bfloat16] {
            let matrix = PackedMatrix(outputCount: 1, inputCount: values.count, dtype: dtype)
            values.withUnsafeBytes {
                matrix.pack($0, sourceDType: .float32, outputs: 0..<1, pool: pool)
            }
            for (got, value) in zip(unpacked(matrix), values) {
                if value.isNaN {
                    #expect(got.isNaN)
                } else if dtype == .float16 {
                    let want = Float16Bits.decode(Float16Bits.encode(value))
                    #expect(got.bitPattern == want.bitPattern)
                } else if abs(value) > 3.39e38 {
                    #expect(got == (value < 0 ? -.infinity : .infinity))
                } else {
                    #expect(got.bitPattern == Rounding.bfloat16(value).bitPattern)
                }
            }
        }
    }
}
