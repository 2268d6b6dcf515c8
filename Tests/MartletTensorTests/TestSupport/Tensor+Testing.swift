import MartletTensor

extension Tensor {
    init(_ values: [Float], rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns)
        for row in 0..<rows {
            for column in 0..<columns { self.row(row)[column] = values[row * columns + column] }
        }
    }

    /// A view inside a larger allocation filled with NaN, with an odd stride and a start that is
    /// aligned to a float only.
    static func misaligned(_ values: [Float], rows: Int, columns: Int) -> Tensor {
        let whole = Tensor(rows: rows + 1, columns: columns + 19)
        for row in 0..<rows + 1 {
            for column in 0..<columns + 19 { whole.row(row)[column] = .nan }
        }
        let view = whole.rows(1..<rows + 1).columns(3..<3 + columns)
        for row in 0..<rows {
            for column in 0..<columns { view.row(row)[column] = values[row * columns + column] }
        }
        return view
    }

    var values: [Float] { (0..<rows).flatMap { Array(row($0)) } }

    func bits(row index: Int) -> [UInt32] { row(index).map(\.bitPattern) }
}

extension Operators {
    /// Operators of one instruction set over a small pool.
    static func testing(_ instructionSet: InstructionSet, threads: Int = 2) -> Operators {
        guard let table = KernelTable(instructionSet) else {
            preconditionFailure("tests run over InstructionSet.supported")
        }
        return Operators(pool: WorkerPool(threadCount: threads), kernels: table)
    }
}
