import MartletTensor
import MartletTestSupport
import Testing

@Suite struct PackedLayoutTests {
    static let formats =
        DType.weightTypes.map { WeightFormat.dense($0) } + QuantizedCase.formats

    @Test func `counts padding and scales`() throws {
        func bytes(_ format: WeightFormat, _ outputs: Int, _ inputs: Int) throws -> Int {
            try PackedLayout(format: format, outputCount: outputs, inputCount: inputs).byteCount
        }
        #expect(try bytes(.dense(.float32), 65, 3) == 128 * 3 * 4)
        #expect(try bytes(.dense(.bfloat16), 64, 3) == 64 * 4 * 2)
        #expect(try bytes(.int8, 65, 5) == 128 * (8 + 4 + 4))
        #expect(try bytes(.int4(groupSize: 32, hasMinimum: false), 64, 33) == 64 * (32 + 2 * 2))
        #expect(try bytes(.int4(groupSize: 64, hasMinimum: true), 64, 64) == 64 * (32 + 4))
        #expect(try bytes(.int4(groupSize: 128, hasMinimum: true), 1, 129) == 64 * (128 + 8))
    }

    @Test(arguments: formats)
    func `refuses sizes that no weight has`(format: WeightFormat) {
        for (outputs, inputs) in [
            (0, 1), (1, 0), (-1, 5), (1 << 32, 1), (1, 1 << 32), (.max, .max),
        ] {
            #expect(throws: TensorError.self) {
                try PackedLayout(format: format, outputCount: outputs, inputCount: inputs)
            }
        }
    }

    @Test func `refuses formats that do not exist`() {
        let formats: [WeightFormat] = [
            .dense(.int8), .int4(groupSize: 0, hasMinimum: true),
            .int4(groupSize: 48, hasMinimum: false), .int4(groupSize: 256, hasMinimum: false),
        ]
        for format in formats {
            #expect(throws: TensorError.invalidShape("weight of \(format)")) {
                try PackedLayout(format: format, outputCount: 64, inputCount: 64)
            }
        }
        #expect(throws: TensorError.self) {
            try PackedLayout(format: .int8, outputCount: 1, inputCount: 131_073)
        }
    }

    /// Keeps its memory as long as it lives, and tells when it goes.
    final class Owner: Sendable {
        let memory: TensorMemory
        let released: Counter

        init(_ bytes: [UInt8], released: Counter) {
            memory = TensorMemory(byteCount: bytes.count)
            memory.pointer.copyMemory(from: bytes, byteCount: bytes.count)
            self.released = released
        }

        deinit { released.add(1) }
    }

    @Test(arguments: formats)
    func `reads a packed weight where it lies`(format: WeightFormat) throws {
        let operators = Operators(pool: WorkerPool(threadCount: 2))
        var generator = SeededGenerator(seed: 60)
        let source = generator.floats(70 * 90)
        let packed = PackedMatrix(format: format, outputCount: 70, inputCount: 90)
        source.withUnsafeBytes {
            packed.pack($0, sourceDType: .float32, outputs: 0..<70, pool: operators.pool)
        }
        let bytes = packed.withContents { Array($0) }
        #expect(bytes.count == packed.byteCount)
        let released = Counter()
        var owner: Owner? = Owner(bytes, released: released)
        var mapped: PackedMatrix? = try owner.map {
            try PackedMatrix(
                layout: packed.layout,
                contents: UnsafeRawBufferPointer(start: $0.memory.pointer, count: bytes.count),
                owner: $0)
        }
        owner = nil
        let x = Tensor(generator.floats(3 * 90), rows: 3, columns: 90)
        let y = Tensor(rows: 3, columns: 70)
        let z = Tensor(rows: 3, columns: 70)
        operators.linear(x, packed, into: y)
        if let mapped { operators.linear(x, mapped, into: z) }
        #expect(y.values == z.values)
        #expect(released.value == 0)
        mapped = nil
        #expect(released.value == 1)
    }

    @Test func `refuses memory of another size or alignment`() throws {
        let layout = try PackedLayout(format: .int8, outputCount: 64, inputCount: 64)
        let memory = TensorMemory(byteCount: layout.byteCount + 64)
        for (offset, size) in [(0, -1), (0, 1), (0, -layout.byteCount), (4, 0), (32, 0)] {
            let contents = UnsafeRawBufferPointer(
                start: memory.pointer + offset, count: layout.byteCount + size)
            #expect(throws: TensorError.self) {
                try PackedMatrix(layout: layout, contents: contents, owner: memory)
            }
        }
    }
}
