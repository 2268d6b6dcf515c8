import MartletScheduling

/// A request in the engine core, whose thread owns it.
final class OpenRequest {
    let admitted: AdmittedRequest
    /// The completions that have not ended.
    var openSequences: Set<SequenceID> = []
    /// Whether any of it has been scheduled.
    var hasStarted = false
    var generatedTokenCount = 0

    var key: RequestKey { admitted.key }
    var slot: OutputSlot { admitted.slot }

    init(_ admitted: AdmittedRequest) {
        self.admitted = admitted
    }

    /// The next moment at which the request may have to end.
    var nextDeadline: ContinuousClock.Instant? {
        let queue = hasStarted ? nil : admitted.queueDeadline
        return [queue, admitted.deadline].compactMap { $0 }.min()
    }
}
