/// What the scheduler knows of one client that has sequences.
struct ClientAccount: Sendable {
    let name: String?
    /// The tokens computed for it so far, in the virtual time of its clients: a newcomer does not
    /// begin at zero.
    var servedTokenCount: Int
    var sequenceCount = 0
    var runningCount = 0
    /// Those of its sequences that wait for room.
    var queue = WaitingQueue()

    /// How long the queue may get with entries of sequences that no longer wait.
    var queueCountMax: Int { 2 * (sequenceCount - runningCount) + 64 }
}
