/// How one matrix product is cut into chunks of rows x weight panels.
///
/// The cut never changes results: every output element is summed in the same order.
struct MatmulPlan {
    private let rows: Int
    private let panels: Int
    private let rowBlockCount: Int
    private let panelsPerChunk: Int

    /// Rows whose partial sums and activations stay in the second-level cache beside the weights.
    private static let rowsPerBlock = 96
    /// Weight bytes per chunk: enough to stream at full speed, few enough to share out evenly.
    private static let chunkBytes = 256 << 10
    /// Below both, some microseconds' work, waking another thread costs more than it saves.
    private static let smallBytes = 128 << 10
    private static let smallOperations = 1 << 20

    init(rows: Int, weight: PackedMatrix, threadCount: Int) {
        self.rows = rows
        panels = weight.layout.panelCount
        let operations = 2 * rows * weight.outputCount * weight.inputCount
        guard weight.byteCount > Self.smallBytes || operations > Self.smallOperations else {
            rowBlockCount = 1
            panelsPerChunk = panels
            return
        }
        rowBlockCount = (rows + Self.rowsPerBlock - 1) / Self.rowsPerBlock
        let bySize = max(1, Self.chunkBytes / weight.layout.panelByteCount)
        let forBalance = max(1, panels * rowBlockCount / (8 * threadCount))
        panelsPerChunk = min(bySize, forBalance)
    }

    var chunkCount: Int { panelChunkCount * rowBlockCount }

    private var panelChunkCount: Int { (panels + panelsPerChunk - 1) / panelsPerChunk }

    /// Row blocks change fastest, so that threads share the panels they read.
    func part(_ chunk: Int) -> (rows: Range<Int>, panels: Range<Int>) {
        let (panelChunk, rowBlock) = chunk.quotientAndRemainder(dividingBy: rowBlockCount)
        let firstPanel = panelChunk * panelsPerChunk
        let firstRow = rows * rowBlock / rowBlockCount
        let endRow = rows * (rowBlock + 1) / rowBlockCount
        return (firstRow..<endRow, firstPanel..<min(firstPanel + panelsPerChunk, panels))
    }
}
