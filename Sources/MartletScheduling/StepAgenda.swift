/// The slots of the running sequences at the beginning of a step, in the order of their urgency.
struct StepAgenda: Sendable {
    /// Those that have nothing but their latest token to compute.
    private(set) var generating: [Int] = []
    /// The others.
    private(set) var prompts: [Int] = []
    private var entries: [(order: ServiceOrder, slot: Int)] = []

    /// Replaces what is in it, in the memory that it has.
    mutating func fill(
        _ slots: [Int], order: (Int) -> ServiceOrder, generates: (Int) -> Bool
    ) {
        entries.removeAll(keepingCapacity: true)
        for slot in slots { entries.append((order(slot), slot)) }
        entries.sort { $0.order < $1.order }
        generating.removeAll(keepingCapacity: true)
        prompts.removeAll(keepingCapacity: true)
        for entry in entries {
            if generates(entry.slot) {
                generating.append(entry.slot)
            } else {
                prompts.append(entry.slot)
            }
        }
    }
}
