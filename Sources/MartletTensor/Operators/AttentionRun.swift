import CMartletKernels

/// One attention call under way: its work items, and the kernel calls they become.
struct AttentionRun {
    let operators: Operators
    let query: Tensor
    let output: Tensor
    let layer: martlet_kv_layer
    let cache: PagedKVCache
    let batch: AttentionBatch
    let headCount: Int
    let scale: Float
    let window: Int

    func execute() {
        checkBlockTables()
        let plan = AttentionPlan(
            batch: batch, headCount: headCount, kvHeadCount: cache.kvHeadCount,
            headDim: cache.headDim, window: window, threadCount: operators.pool.threadCount)
        operators.attentionItems.removeAll(keepingCapacity: true)
        plan.appendItems(to: &operators.attentionItems)
        let items = operators.attentionItems
        if plan.shouldSplit(items) {
            executeSplit(items)
        } else {
            execute(items, partials: nil)
        }
    }

    /// Block numbers come from the scheduler; a wrong one would read foreign memory.
    private func checkBlockTables() {
        for entry in batch.entries {
            let used = (entry.startPosition + entry.rowCount - 1) / cache.blockSize + 1
            precondition(entry.blockTable.count >= used, "block table too short")
            let first = window > 0 ? max(0, entry.startPosition + 1 - window) : 0
            for index in first / cache.blockSize..<used {
                let block = entry.blockTable[index]
                precondition(block >= 0 && block < cache.blockCount, "block out of range")
            }
        }
    }

    private var scratchBytes: Int { martlet_attention_scratch_bytes(cache.headDim) }

    private func execute(_ items: [AttentionWorkItem], partials: UnsafeMutablePointer<Float>?) {
        let function = cache.attentionKernel(operators.kernels)
        let bytes = scratchBytes
        let scratch = operators.attentionScratch.reserve(
            byteCount: bytes * operators.pool.threadCount)
        let perChunk = isSmall(items) ? items.count : 1
        operators.pool.run(
            chunkCount: items.count / perChunk,
            AttentionJob(
                run: self, items: items, itemsPerChunk: perChunk, function: function,
                partials: partials, scratch: scratch, scratchBytes: bytes))
    }

    /// Below some microseconds' work, waking another thread costs more than it saves.
    private func isSmall(_ items: [AttentionWorkItem]) -> Bool {
        var operations = 0
        for item in items {
            let tokens = item.firstPosition + item.rowCount
            operations += 4 * tokens * item.rowCount * item.headCount * cache.headDim
        }
        return operations < 1 << 19
    }

    /// Computes every split apart, then merges each row's splits in order.
    private func executeSplit(_ whole: [AttentionWorkItem]) {
        operators.attentionParts.removeAll(keepingCapacity: true)
        operators.mergedItems.removeAll(keepingCapacity: true)
        var floatCount = 0
        for var item in whole {
            guard item.splitCount > 1 else {
                operators.attentionParts.append(item)
                continue
            }
            item.partialOffset = floatCount
            operators.mergedItems.append(item)
            for split in 0..<item.splitCount {
                operators.attentionParts.append(item.part(split, offset: floatCount))
                floatCount += partialStride(item)
            }
        }
        let partials = operators.partialScratch
            .reserve(byteCount: floatCount * MemoryLayout<Float>.stride)
            .assumingMemoryBound(to: Float.self)
        execute(operators.attentionParts, partials: partials)
        merge(operators.mergedItems, partials)
    }

    private func merge(_ items: [AttentionWorkItem], _ partials: UnsafeMutablePointer<Float>) {
        let bytes = scratchBytes
        let scratch = operators.attentionScratch.reserve(
            byteCount: bytes * operators.pool.threadCount)
        operators.pool.run(
            chunkCount: items.count,
            MergeJob(
                run: self, items: items, kernels: operators.kernels.attention,
                partials: partials, scratch: scratch, scratchBytes: bytes))
    }

    func partialStride(_ item: AttentionWorkItem) -> Int {
        item.rowCount * item.headCount * (cache.headDim + 2)
    }

    func withKernelItem(
        _ item: AttentionWorkItem, scratch: UnsafeMutableRawPointer,
        _ body: (inout martlet_attention_item) -> Void
    ) {
        let column = item.firstHead * cache.headDim
        batch.entries[item.entry].blockTable.withUnsafeBufferPointer { table in
            guard let blockTable = table.baseAddress else { return }
            var kernelItem = martlet_attention_item(
                layer: layer, kv_head: item.kvHead, block_table: blockTable,
                query: query.pointer + item.firstRow * query.rowStride + column,
                query_stride: query.rowStride,
                output: output.pointer + item.firstRow * output.rowStride + column,
                output_stride: output.rowStride, row_count: item.rowCount,
                head_count: item.headCount, first_position: item.firstPosition, window: window,
                scale: scale, first_split: item.firstSplit, split_count: item.splitCount,
                partial: nil, scratch: scratch)
            body(&kernelItem)
        }
    }
}

extension AttentionWorkItem {
    /// One split of this item, its partial result at `offset`.
    func part(_ split: Int, offset: Int) -> AttentionWorkItem {
        AttentionWorkItem(
            entry: entry, kvHead: kvHead, firstHead: firstHead, headCount: headCount,
            firstRow: firstRow, rowCount: rowCount, firstPosition: firstPosition,
            firstSplit: firstSplit + split, splitCount: 1, partialOffset: offset)
    }
}
