import CMartletKernels

/// Some of a call's items in each chunk.
struct AttentionJob: PoolJob {
    let run: AttentionRun
    let items: [AttentionWorkItem]
    let itemsPerChunk: Int
    let function: martlet_attention_function
    /// Where the splits of items that are taken apart put their results.
    let partials: UnsafeMutablePointer<Float>?
    /// Each worker's.
    let scratch: UnsafeMutableRawPointer
    let scratchBytes: Int

    func run(chunk: Int, worker: Int) {
        for index in chunk * itemsPerChunk..<(chunk + 1) * itemsPerChunk {
            run.withKernelItem(items[index], scratch: scratch + worker * scratchBytes) { item in
                if let partials, let offset = items[index].partialOffset {
                    item.partial = partials + offset
                }
                function(&item)
            }
        }
    }
}

/// Merges the splits of one item in each chunk.
struct MergeJob: PoolJob {
    let run: AttentionRun
    let items: [AttentionWorkItem]
    let kernels: martlet_attention_kernels
    let partials: UnsafeMutablePointer<Float>
    /// Each worker's.
    let scratch: UnsafeMutableRawPointer
    let scratchBytes: Int

    func run(chunk: Int, worker: Int) {
        let item = items[chunk]
        run.withKernelItem(item, scratch: scratch + worker * scratchBytes) { kernelItem in
            kernels.merge(
                &kernelItem, partials + (item.partialOffset ?? 0), run.partialStride(item))
        }
    }
}
