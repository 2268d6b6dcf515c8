import MartletTensor

/// What a quantized matrix holds, read from its bytes by the definition of their layout.
struct PackedNumbers {
    let format: WeightFormat
    let outputs: Int
    let inputs: Int
    /// Whole numbers [outputs][inputs]; int4's symmetric ones less 8.
    var numbers: [Int] = []
    /// Per output for int8, per output and group for int4.
    var scales: [Float] = []
    /// As `scales`; empty where there are none.
    var minima: [Float] = []
    /// int8 only: 128 times each output's sum.
    var compensations: [Int] = []

    init(_ matrix: PackedMatrix) {
        format = matrix.format
        outputs = matrix.outputCount
        inputs = matrix.inputCount
        matrix.withContents { bytes in
            switch matrix.format {
            case .dense: break
            case .int8: readInt8(bytes)
            case .int4(let group, let hasMinimum): readInt4(bytes, group, hasMinimum)
            }
        }
    }

    /// Inputs that share a scale.
    var groupSize: Int {
        if case .int4(let group, _) = format { group } else { inputs }
    }

    var groupCount: Int { (inputs + groupSize - 1) / groupSize }

    func number(_ output: Int, _ input: Int) -> Int { numbers[output * inputs + input] }

    func scale(_ output: Int, _ input: Int) -> Float {
        scales[output * groupCount + input / groupSize]
    }

    func minimum(_ output: Int, _ input: Int) -> Float {
        minima.isEmpty ? 0 : minima[output * groupCount + input / groupSize]
    }

    /// The weight that is stood for, in fp32.
    func weight(_ output: Int, _ input: Int) -> Float {
        scale(output, input) * Float(number(output, input)) + minimum(output, input)
    }

    private mutating func readInt8(_ bytes: UnsafeRawBufferPointer) {
        let depth = (inputs + 3) / 4 * 4
        for output in 0..<outputs {
            let (panel, lane) = output.quotientAndRemainder(dividingBy: 64)
            let base = panel * (depth + 8) * 64
            for input in 0..<inputs {
                let at = base + input / 4 * 256 + lane * 4 + input % 4
                numbers.append(Int(Int8(bitPattern: bytes[at])))
            }
            let tail = base + depth * 64 + lane * 4
            scales.append(bytes.load(fromByteOffset: tail, as: Float.self))
            compensations.append(Int(bytes.load(fromByteOffset: tail + 256, as: Int32.self)))
        }
    }

    private mutating func readInt4(
        _ bytes: UnsafeRawBufferPointer, _ group: Int, _ hasMinimum: Bool
    ) {
        let header = hasMinimum ? 256 : 128
        let blockBytes = header + group * 32
        func half(_ at: Int) -> Float {
            Float16Bits.decode(bytes.load(fromByteOffset: at, as: UInt16.self))
        }
        for output in 0..<outputs {
            let (panel, lane) = output.quotientAndRemainder(dividingBy: 64)
            let base = panel * groupCount * blockBytes
            for index in 0..<groupCount {
                scales.append(half(base + index * blockBytes + lane * 2))
                if hasMinimum { minima.append(half(base + index * blockBytes + 128 + lane * 2)) }
            }
            for input in 0..<inputs {
                let (index, within) = input.quotientAndRemainder(dividingBy: group)
                let at = within / 8 * 256 + lane * 4 + within % 4
                let pair = Int(bytes[base + index * blockBytes + header + at])
                let number = within % 8 < 4 ? pair & 15 : pair >> 4
                numbers.append(hasMinimum ? number : number - 8)
            }
        }
    }
}
