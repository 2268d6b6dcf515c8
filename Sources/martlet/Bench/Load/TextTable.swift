/// A table for terminals: the first column to the left, the others to the right.
package struct TextTable {
    private var rows: [[String]] = []

    package init() {}

    package mutating func add(_ row: [String]) {
        rows.append(row)
    }

    /// The rows, each with a line feed.
    package var text: String {
        let columnCount = rows.map(\.count).max() ?? 0
        let widths = (0..<columnCount).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }
}
