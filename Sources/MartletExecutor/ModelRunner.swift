package import MartletModels
package import MartletScheduling
package import MartletTensor

/// Runs steps: a scheduled batch goes in, logits come out. Owns the KV memory and the activations
/// of one model, and sees token ids only.
///
/// Not Sendable: it belongs to the thread of its engine. All large memory is reserved when the
/// runner is made; small arrays grow to the largest step's needs and are used again.
package final class ModelRunner {
    /// Bytes of logits that are held at a time. More rows than fit come in several groups, so that
    /// a long prompt whose logprobs are wanted does not need a gigabyte. 55 rows of Qwen's
    /// vocabulary fit, enough for the head to be bound by arithmetic and not by its weights.
    package static let defaultLogitsByteCount = 32 << 20

    package let model: any LanguageModel
    package let blockCount: Int
    /// Tokens in a block.
    package let blockSize: Int
    /// Tokens in the largest step.
    package let maximumBatchedTokenCount: Int

    let cache: PagedKVCache
    let operators: Operators
    private let workspace: Workspace
    /// `[group, vocabularySize]`
    private let logits: Tensor
    /// The step under way.
    private var plan: StepPlan
    /// What the rows of the group of logits under way belong to.
    private var groupRows: [StepLogits.Row] = []

    /// Makes a runner with room for `blockCount` blocks of keys and values.
    ///
    /// - Parameters:
    ///   - blockSize: A multiple of 16 tokens.
    ///   - logitsByteCount: Bytes of logits in a group; a group has one row at least.
    ///   - kvDType: The type of keys and values, `float32`, `bfloat16` or `int8`, whatever the
    ///     weights' type; nil takes the model's own.
    /// - Throws: ``ExecutorError/invalidConfiguration(_:)`` or ``ExecutorError/cache(_:)``.
    package init(
        model: any LanguageModel, blockCount: Int, blockSize: Int, maximumBatchedTokenCount: Int,
        pool: WorkerPool, logitsByteCount: Int = defaultLogitsByteCount, kvDType: DType? = nil
    ) throws(ExecutorError) {
        guard blockSize > 0, blockSize.isMultiple(of: 16), blockSize <= 1 << 16 else {
            throw .invalidConfiguration("block size \(blockSize) is no multiple of 16 tokens")
        }
        guard blockCount > 0, blockCount <= Int(Int32.max) / blockSize else {
            throw .invalidConfiguration("\(blockCount) blocks of \(blockSize) tokens")
        }
        guard maximumBatchedTokenCount > 0, maximumBatchedTokenCount <= 1 << 20 else {
            throw .invalidConfiguration("steps of \(maximumBatchedTokenCount) tokens")
        }
        let description = model.description
        do throws(TensorError) {
            cache = try PagedKVCache(
                layerCount: description.layerCount, blockCount: blockCount, blockSize: blockSize,
                kvHeadCount: description.kvHeadCount, headDim: description.headDim,
                dtype: kvDType ?? description.kvDType)
        } catch {
            throw .cache(error)
        }
        self.model = model
        self.blockCount = blockCount
        self.blockSize = blockSize
        self.maximumBatchedTokenCount = maximumBatchedTokenCount
        operators = Operators(pool: pool)
        workspace = Workspace(model.activationWidths, rowCount: maximumBatchedTokenCount)
        let rowByteCount = description.vocabularySize * MemoryLayout<Float>.stride
        let groupSize = max(1, min(logitsByteCount / rowByteCount, maximumBatchedTokenCount))
        logits = Tensor(rows: groupSize, columns: description.vocabularySize)
        plan = StepPlan(
            limits: StepPlan.Limits(
                vocabularySize: description.vocabularySize,
                maximumPositionCount: description.maximumPositionCount, blockCount: blockCount,
                blockSize: blockSize, maximumTokenCount: maximumBatchedTokenCount))
    }

    /// Bytes that one block of keys and values takes, all layers together; of the model's own type
    /// where `kvDType` is nil.
    package static func kvBytesPerBlock(
        description: ModelDescription, blockSize: Int, kvDType: DType? = nil
    ) -> Int {
        PagedKVCache.bytesPerBlock(
            layerCount: description.layerCount, blockSize: blockSize,
            kvHeadCount: description.kvHeadCount, headDim: description.headDim,
            dtype: kvDType ?? description.kvDType)
    }

    /// The type of keys and values in the cache.
    package var kvDType: DType { cache.dtype }

    /// Bytes of the KV cache, touched or not.
    package var cacheByteCount: Int { cache.byteCount }

    /// Runs one step.
    ///
    /// Logits are computed only for rows that sample, or whose sequence wants the logprobs of its
    /// prompt. They come in groups of bounded size, in the order of the batch.
    ///
    /// - Parameters:
    ///   - batch: At most ``maximumBatchedTokenCount`` tokens.
    ///   - body: Called for each group, in order, on this thread; never where no row is wanted.
    /// - Throws: ``ExecutorError`` before anything is computed.
    package func forward(
        _ batch: ScheduledBatch, logits body: (StepLogits) -> Void
    ) throws(ExecutorError) {
        // Not to hold block tables that are about to grow.
        defer { plan.removeAll() }
        try plan.lay(out: batch)
        guard !plan.tokens.isEmpty else { return }
        let pass = ForwardPass(
            tokens: plan.tokens, batch: plan.attention, wantedRows: plan.wantedRows,
            cache: cache, workspace: workspace, operators: operators)
        let hidden = model.hiddenStates(pass)
        let rowCount = plan.wantedRows.count
        let groupCount = (rowCount + logits.rows - 1) / logits.rows
        for group in 0..<groupCount {
            let rows = rowCount * group / groupCount..<rowCount * (group + 1) / groupCount
            let output = logits.prefix(rows: rows.count)
            model.logits(of: hidden.rows(rows), into: output, pass)
            groupRows.removeAll(keepingCapacity: true)
            groupRows.append(contentsOf: plan.meanings[rows])
            body(StepLogits(logits: output, rows: groupRows))
        }
    }
}
