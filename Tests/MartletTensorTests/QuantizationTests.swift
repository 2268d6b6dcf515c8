import MartletTensor
import MartletTestSupport
import Testing

@Suite struct QuantizationTests {
    let pool = WorkerPool(threadCount: 2)

    func pack(_ values: [Float], outputs: Int, _ format: WeightFormat) -> PackedMatrix {
        let matrix = PackedMatrix(
            format: format, outputCount: outputs, inputCount: values.count / outputs)
        values.withUnsafeBytes {
            matrix.pack($0, sourceDType: .float32, outputs: 0..<outputs, pool: pool)
        }
        return matrix
    }

    /// Bell-shaped, as weights are.
    func weights(_ count: Int, _ generator: inout SeededGenerator) -> [Float] {
        (0..<count).map { _ in
            (0..<6).reduce(0) { sum, _ in sum + generator.signed() } * 0.02
        }
    }

    func unpacked(_ matrix: PackedMatrix) -> [Float] {
        var row = [Float](repeating: .nan, count: matrix.inputCount)
        return (0..<matrix.outputCount).flatMap { index in
            matrix.unpackRow(index, into: &row)
            return row
        }
    }

    @Test(arguments: [(1, 1), (63, 5), (65, 33), (70, 300)])
    func `keeps int8 weights within half a step`(shape: (outputs: Int, inputs: Int)) {
        var generator = SeededGenerator(seed: 50)
        let values = weights(shape.outputs * shape.inputs, &generator)
        let matrix = pack(values, outputs: shape.outputs, .int8)
        let packed = PackedNumbers(matrix)
        for output in 0..<shape.outputs {
            let row = values[output * shape.inputs..<(output + 1) * shape.inputs]
            let scale = packed.scales[output]
            #expect(scale == (row.map(abs).max() ?? 0) / 127)
            let sum = (0..<shape.inputs).reduce(0) { $0 + packed.number(output, $1) }
            #expect(packed.compensations[output] == 128 * sum)
            for (input, value) in row.enumerated() {
                #expect(abs(packed.number(output, input)) <= 127)
                let error = abs(value - packed.weight(output, input))
                #expect(error <= scale * 0.50001)
            }
        }
    }

    @Test(arguments: QuantizedCase.formats)
    func `reads rows as what their numbers stand for`(format: WeightFormat) {
        var generator = SeededGenerator(seed: 51)
        let matrix = pack(weights(70 * 150, &generator), outputs: 70, format)
        let packed = PackedNumbers(matrix)
        let rows = unpacked(matrix)
        for output in 0..<70 {
            for input in 0..<150 {
                #expect(rows[output * 150 + input] == packed.weight(output, input))
            }
        }
        let operators = Operators(pool: pool)
        let y = Tensor(rows: 2, columns: 150)
        operators.embed([69, 3], matrix, into: y)
        #expect(y.values == Array(rows[69 * 150..<70 * 150] + rows[3 * 150..<4 * 150]))
    }

    /// Symmetric: the largest magnitude at 7; else the range in fifteen steps.
    func plainError(_ group: ArraySlice<Float>, hasMinimum: Bool) -> Double {
        let low = group.min() ?? 0
        let high = group.max() ?? 0
        let step = hasMinimum ? (high - low) / 15 : max(-low, high) / 7
        let scale = Float16Bits.decode(Float16Bits.encode(step))
        let minimum = hasMinimum ? Float16Bits.decode(Float16Bits.encode(low)) : -8 * scale
        return group.reduce(0) { total, value in
            let q = scale == 0 ? 0 : ((value - minimum) / scale).rounded(.toNearestOrEven)
            let error = Double(value) - Double(min(max(q, 0), 15) * scale + minimum)
            return total + error * error
        }
    }

    @Test(arguments: QuantizedCase.formats.dropFirst())
    func `finds int4 scales that are never worse than the plain ones`(format: WeightFormat) {
        guard case .int4(let size, let hasMinimum) = format else { return }
        var generator = SeededGenerator(seed: 52)
        let inputs = 300
        var values = weights(20 * inputs, &generator)
        for index in 0..<5 * inputs { values[index] = abs(values[index]) + 0.3 }
        values[6 * inputs + 3] = 5
        let packed = PackedNumbers(pack(values, outputs: 20, format))
        var found = 0.0
        var plain = 0.0
        for output in 0..<20 {
            for begin in stride(from: 0, to: inputs, by: size) {
                let range = begin..<min(begin + size, inputs)
                let error = range.reduce(0.0) { total, input in
                    let weight = Double(packed.weight(output, input))
                    let error = Double(values[output * inputs + input]) - weight
                    return total + error * error
                }
                let first = output * inputs
                let group = values[first + range.lowerBound..<first + range.upperBound]
                let bound = plainError(group, hasMinimum: hasMinimum)
                #expect(error <= bound * 1.0001 + 1e-12)
                found += error
                plain += bound
            }
        }
        #expect(found < 0.95 * plain)
    }

    @Test(arguments: QuantizedCase.formats)
    func `packs the same bytes on every instruction set`(format: WeightFormat) {
        var generator = SeededGenerator(seed: 53)
        let values = weights(70 * 259, &generator)
        let all = InstructionSet.supported.compactMap { KernelTable($0) }.map { kernels in
            let matrix = PackedMatrix(format: format, outputCount: 70, inputCount: 259)
            values.withUnsafeBytes {
                matrix.pack(
                    $0, sourceDType: .float32, outputs: 0..<70, pool: pool, kernels: kernels)
            }
            return matrix.withContents { Array($0) }
        }
        for other in all { #expect(other == all[0]) }
    }

    @Test(arguments: QuantizedCase.formats, DType.weightTypes)
    func `packs transposed, strided and fused sources of every type`(
        format: WeightFormat, from: DType
    ) {
        var generator = SeededGenerator(seed: 54)
        let inputs = 137
        let values = weights(150 * inputs, &generator).map { Rounding.round($0, to: from) }
        let whole = pack(values, outputs: 150, format)
        let matrix = PackedMatrix(format: format, outputCount: 150, inputCount: inputs)
        for (index, part) in [0..<50, 50..<67, 67..<150].enumerated() {
            let transposed = index == 1
            let width = (transposed ? part.count : inputs) + 3
            var source = [Float](
                repeating: 9, count: width * (transposed ? inputs : part.count))
            for output in 0..<part.count {
                for input in 0..<inputs {
                    let at = transposed ? input * width + output : output * width + input
                    source[at] = values[(part.lowerBound + output) * inputs + input]
                }
            }
            PackedMatrixTests().encode(source, from).withUnsafeBytes {
                matrix.pack(
                    UnsafeRawBufferPointer(rebasing: $0[1...]), sourceDType: from,
                    outputs: part, transposed: transposed, sourceRowStride: width, pool: pool)
            }
        }
        let bytes = matrix.withContents { Array($0) }
        #expect(bytes == whole.withContents { Array($0) })
    }

    @Test(arguments: QuantizedCase.formats)
    func `makes NaN of weights that are not finite, and no more`(format: WeightFormat) {
        var generator = SeededGenerator(seed: 55)
        var values = weights(66 * 130, &generator)
        values[3 * 130 + 1] = .infinity
        values[65 * 130 + 129] = .nan
        let matrix = pack(values, outputs: 66, format)
        let operators = Operators(pool: pool)
        let x = Tensor(weights(130, &generator), rows: 1, columns: 130)
        let y = Tensor(rows: 1, columns: 66)
        operators.linear(x, matrix, into: y)
        for output in 0..<66 { #expect(y.row(0)[output].isNaN == [3, 65].contains(output)) }
    }

    @Test(arguments: QuantizedCase.formats)
    func `takes weights of any magnitude`(format: WeightFormat) {
        let magnitudes: [Float] = [0, 0x1p-149, 0x1p-127, 1e-20, 1e-6, 1e4, 1e10, 3e38]
        var values: [Float] = []
        for magnitude in magnitudes {
            for input in 0..<64 {
                values.append(input % 3 == 0 ? -magnitude : magnitude * (Float(input) / 64))
            }
        }
        let rows = unpacked(pack(values, outputs: magnitudes.count, format))
        for (output, magnitude) in magnitudes.enumerated() {
            // Halves reach from 6e-8 to 65,504; int8 takes what is below 2^-100 for zero.
            let range: ClosedRange<Float> = format == .int8 ? 1e-20...3e38 : 1e-5...1e5
            let isInRange = magnitude == 0 || range.contains(magnitude)
            for input in 0..<64 {
                let weight = rows[output * 64 + input]
                #expect(weight.isFinite)
                let error = abs(weight - values[output * 64 + input])
                #expect(!isInRange || error <= magnitude * (format == .int8 ? 0.005 : 0.1))
            }
        }
    }
}
