import MartletScheduling

extension EngineCore {
    func obey(_ command: EngineCommand) {
        switch command {
        case .submit(let request): admit(request)
        case .cancel(let key, let cause): abort(key, cause: cause)
        case .abort(let ids, let waiting): answer([waiting], .success(abort(requestIDs: ids)))
        case .resetPrefixCache(let waiting):
            prefixStore?.removeAll()
            answer([waiting], .success(scheduler.resetPrefixCache()))
        case .pause(let mode, let answer): pause(mode, sleeps: false, answer: answer)
        case .sleep(let mode, let answer): pause(mode, sleeps: true, answer: answer)
        case .resume(let answer): resume(answer)
        case .wake(let answer): wake(answer)
        }
    }

    // MARK: Requests

    private func admit(_ admitted: AdmittedRequest) {
        let request = OpenRequest(admitted)
        requests[request.key] = request
        record(
            .admitted(
                promptTokenCount: admitted.prepared.promptTokens.count,
                maximumTokenCount: admitted.prepared.sampling.maximumTokenCount,
                arrival: admitted.arrival, choiceCount: admitted.prepared.sampling.n), request)
        deadlines.compact(openCount: requests.count) { requests[$0] != nil }
        if let deadline = request.nextDeadline { deadlines.insert(deadline, for: request.key) }
        if let deadline = admitted.deadline, deadline != request.nextDeadline {
            deadlines.insert(deadline, for: request.key)
        }
        if let blocks = admitted.prepared.storedBlocks?.take() {
            restore(blocks, of: admitted.prepared.promptTokens)
        }
        if let cause = request.slot.cancellation {
            abort(request.key, cause: cause)
        } else if activity.admits {
            schedule(request.key)
        } else {
            held.append(request.key)
        }
    }

    /// Hands a request's sequences to the scheduler.
    private func schedule(_ key: RequestKey) {
        guard let admitted = requests[key]?.admitted else { return }
        let prepared = admitted.prepared
        for index in 0..<prepared.sampling.n {
            nextSequence += 1
            let id = SequenceID(rawValue: nextSequence)
            let output = SequenceOutput(admitted, index: index, model: model)
            do {
                try scheduler.add(schedulerRequest(for: output, id: id, of: admitted))
            } catch {
                close(key, throwing: EngineError(.outOfCache, "\(error)"))
                return
            }
            sequences[id] = output
            requests[key]?.openSequences.insert(id)
        }
    }

    private func schedulerRequest(
        for output: SequenceOutput, id: SequenceID, of admitted: AdmittedRequest
    ) -> SchedulerRequest {
        let prepared = admitted.prepared
        var request = SchedulerRequest(
            id: id, promptTokens: prepared.promptTokens, priority: prepared.priority,
            client: prepared.client,
            arrivalMilliseconds: (admitted.arrival - clockStart).milliseconds,
            cacheSalt: prepared.cacheSalt,
            wantsPromptLogprobs: output.promptLogprobCount != nil)
        request.expectedLengthMax = prepared.sampling.maximumTokenCount.map {
            prepared.promptTokens.count + $0
        }
        return request
    }

    // MARK: Pause and sleep

    private func pause(_ mode: PauseMode, sleeps: Bool, answer: OneShot<Bool>) {
        activity.pause(mode, sleeps: sleeps, answer: answer)
        if mode == .abort { abortAll(cause: .shutdown) }
    }

    private func resume(_ waiting: OneShot<Bool>) {
        guard executor != nil else {
            let error = EngineError(.sleeping, "The model sleeps; wake it up first.")
            return answer([waiting], .failure(error))
        }
        answer(activity.resume(), .success(false))
        let keys = held
        held = []
        for key in keys { schedule(key) }
        answer([waiting], .success(true))
    }

    private func wake(_ waiting: OneShot<Bool>) {
        guard executor == nil else { return answer([waiting], .success(true)) }
        do {
            let parts = try surroundings.reload()
            // Another share of memory may be free now than when the model was loaded first.
            scheduler.replaceBlocks(count: parts.scheduler.configuration.blockCount)
            executor = parts.executor
            // Other weights make other keys and values: what was stored for the old ones is of no
            // use until the engine starts anew.
            if let prefixStore, let fresh = parts.model.prefixStore {
                if !prefixStore.isOfSameModel(as: fresh) { prefixStore.close() }
                fresh.close()
            }
            record(.woke)
            resume(waiting)
        } catch {
            answer([waiting], .failure(EngineError(loading: error)))
        }
    }
}
