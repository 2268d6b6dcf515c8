/// A waiting sequence that another computes blocks for.
struct Follower: Sendable {
    let entry: WaitingEntry
    /// How many leading blocks both share; it waits until that many are published.
    let blockCount: Int
}
