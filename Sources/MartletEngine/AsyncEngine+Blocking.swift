/// The engine for programs and threads that know nothing of tasks: each call holds its thread.
///
/// On a thread of the cooperative pool that would take from others what they need to go on, so
/// these calls refuse to run within a task, with ``EngineError/Code/wouldBlock``.
extension AsyncEngine {
    /// As ``start(progress:)``.
    public func startBlocking(
        progress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) throws(EngineError) {
        try refuseTasks()
        let ready = try beginStart(progress: progress)
        _ = try ready.blockingResult().get()
    }

    /// As ``stop()``.
    public func stopBlocking() throws(EngineError) {
        try refuseTasks()
        if let ended = beginStop() { _ = ended.blockingResult() }
    }

    /// As ``generate(_:)``, until the end.
    ///
    /// - Parameters:
    ///   - request: What to continue, and how.
    ///   - body: Called on this thread with each piece; what it throws ends the request.
    /// - Returns: The whole output.
    /// - Throws: ``EngineError``, and what `body` throws.
    public func generateBlocking(
        _ request: GenerationRequest, _ body: (GenerationOutput) throws -> Void = { _ in }
    ) throws -> GenerationResult {
        try refuseTasks()
        let entry = try enter(request)
        let stream: GenerationStream
        do {
            let ready = try readyModel()
            let model = try ready.blockingResult().get()
            stream = try admit(try prepare(request, for: model), of: request, by: entry)
        } catch {
            entry.ticket.end()
            throw error
        }
        return try stream.collectBlocking(body)
    }

    private func refuseTasks() throws(EngineError) {
        guard withUnsafeCurrentTask(body: { $0 == nil }) else {
            throw EngineError(
                .wouldBlock, "Within a task, await the engine in place of holding the thread.")
        }
    }
}

extension GenerationStream {
    /// Reads the stream to its end, holding the calling thread.
    fileprivate func collectBlocking(
        _ body: (GenerationOutput) throws -> Void
    ) throws -> GenerationResult {
        var completions = (0..<completionCount).map(GenerationOutput.init(index:))
        while let outputs = try handle.nextBlocking() {
            for output in outputs {
                try body(output)
                completions[output.index].merge(output)
            }
        }
        return GenerationResult(promptTokenIDs: promptTokenIDs, completions: completions)
    }
}

extension StreamHandle {
    /// The next pieces; nil at the end.
    fileprivate func nextBlocking() throws(EngineError) -> [GenerationOutput]? {
        switch slot.nextBlocking() {
        case .outputs(let outputs): return outputs
        case .finished, .cancelled: return nil
        case .failed(let error): throw error
        }
    }
}
