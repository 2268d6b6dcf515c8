import MartletModels
import MartletTensor

extension ModelRunner {
    /// Takes a little of the memory that steps will write from the system: first activations of as
    /// many rows as an MLP takes at a time, then blocks of the KV cache, a slice with each call.
    ///
    /// - Returns: False where there is nothing left to do.
    package func prepareMemory() -> Bool {
        guard isWorkspaceReady else {
            workspace.takePages(rowCount: Workspace.mlpRowCount)
            isWorkspaceReady = true
            return true
        }
        guard let slice = readiness.next() else { return false }
        cache.takePages(layer: slice.layer, blocks: slice.blocks)
        return true
    }
}
