/// A step while it is being decided, in the memory of the one before it.
struct StepDraft: Sendable {
    var batch = ScheduledBatch()
    var agenda = StepAgenda()
    /// The blocks that running sequences still need; nil when it has to be counted anew.
    var pledgedBlockCount: Int?
    /// The slots of sequences that were admitted.
    var admitted: Set<Int> = []
    /// Whether sequences that never ran may be admitted.
    var startsNew = true
    /// Whether a sequence lost its blocks because another could not grow. Nobody is admitted then.
    var isShortOfBlocks = false

    /// Takes the memory of an earlier draft.
    init(reusing earlier: inout StepDraft) {
        swap(&batch, &earlier.batch)
        swap(&agenda, &earlier.agenda)
        batch.removeAll()
    }

    init() {}
}
