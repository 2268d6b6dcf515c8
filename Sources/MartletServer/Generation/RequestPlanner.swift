import MartletChat
import MartletEngine
import MartletJSON

/// Makes of a decoded request what the engine can run: resolves the model, its defaults and
/// everything that needs its tokenizer.
struct RequestPlanner: Sendable {
    let models: ModelManager
    let status: ServerStatus
    let configuration: ServerConfiguration

    // MARK: Endpoints

    func plan(
        _ request: CompletionRequest, envelope: RequestEnvelope
    ) async throws -> GenerationPlan {
        let target = try await target(
            named: request.model, envelope, request.options.deadlines)
        let ticket = try ticket(of: envelope.place, for: target.engine)
        var sampling = try await sampling(request.sampling, of: target)
        sampling.maximumTokenCount =
            request.sampling.maximumTokenCount ?? Self.defaultCompletionTokenCount
        sampling.logprobCount = request.logprobs
        if request.echo, sampling.promptLogprobCount == nil {
            sampling.promptLogprobCount = request.logprobs
        }
        try checked(sampling)
        var prompts: [Prompt] = []
        for input in request.prompts {
            let prompt = try prompt(input, of: target, specials: request.addsSpecialTokens)
            prompts.append(try await truncated(prompt, options: request.options, of: target))
        }
        let header = header("cmpl-", request.options, envelope, target.definition)
        let format = CompletionFormat(
            header: header, options: request.options,
            echoedTexts: request.echo
                ? try await texts(request.prompts, of: target, sampling) : nil,
            reportsLogprobs: request.logprobs != nil,
            reportsPromptLogprobs: sampling.promptLogprobCount != nil,
            names: try await names(for: sampling, request.options, of: target),
            configuration: configuration)
        var requests = prompts.map {
            generation($0, sampling, request.options, envelope, id: header.id)
        }
        requests[0].ticket = ticket
        return GenerationPlan(
            model: target.lease, requests: requests, streams: request.options.streams,
            format: format)
    }

    func plan(
        _ request: ChatCompletionRequest, envelope: RequestEnvelope
    ) async throws -> GenerationPlan {
        let target = try await target(
            named: request.model, envelope, request.options.deadlines)
        let ticket = try ticket(of: envelope.place, for: target.engine)
        var sampling = try await sampling(request.sampling, of: target)
        sampling.maximumTokenCount = request.sampling.maximumTokenCount
        sampling.logprobCount = request.reportsLogprobs ? request.topLogprobs ?? 0 : nil
        try checked(sampling)
        let prompt = try await truncated(
            try prompt(request.conversation), options: request.options, of: target)
        let names = try await names(for: sampling, request.options, of: target)
        let last = request.conversation.messages.last
        let role =
            request.conversation.addsGenerationPrompt
            ? configuration.responseRole
            : last?["role"]?.string ?? configuration.responseRole
        let echoed =
            request.echo && last?["role"]?.string == role ? last?["content"]?.string : nil
        let logprobs = names.flatMap { names in
            sampling.logprobCount.map { ChatLogprobs(names: names, topCount: $0) }
        }
        let header = header("chatcmpl-", request.options, envelope, target.definition)
        let format = ChatFormat(
            header: header, request: request, role: role, echoedText: echoed, logprobs: logprobs,
            names: names,
            configuration: configuration)
        var generation = generation(
            prompt, sampling, request.options, envelope, id: header.id)
        generation.ticket = ticket
        return GenerationPlan(
            model: target.lease, requests: [generation], streams: request.options.streams,
            format: format)
    }

    func plan(
        _ request: DemoGenerateRequest, envelope: RequestEnvelope
    ) async throws -> GenerationPlan {
        let target = try await target(named: request.model, envelope, request.deadlines)
        let ticket = try ticket(of: envelope.place, for: target.engine)
        var sampling = try await sampling(request.sampling, of: target)
        sampling.maximumTokenCount =
            request.sampling.maximumTokenCount ?? Self.defaultCompletionTokenCount
        sampling.logprobCount = request.logprobs
        try checked(sampling)
        let prompt = try prompt(request.prompt, of: target, specials: true)
        let text = try await texts([request.prompt], of: target, sampling)[0]
        var isTokens = false
        if case .tokens = request.prompt { isTokens = true }
        var generation = GenerationRequest(
            prompt: prompt, sampling: sampling, priority: envelope.priority ?? 0)
        // The wire has no id here, so that of completions names the request.
        generation.requestID = "cmpl-" + (envelope.requestID ?? RandomID.make())
        generation.ticket = ticket
        generation.client = envelope.client
        generation.apply(envelope, request.deadlines)
        return GenerationPlan(
            model: target.lease, requests: [generation], streams: request.streams,
            format: DemoFormat(promptText: text, returnsTokenIDs: isTokens))
    }

    // MARK: Parts

    /// vLLM's limit for completions that name none.
    private static let defaultCompletionTokenCount = 16

    /// A model that is ready to serve, and stays so for as long as this is held.
    struct Target: Sendable {
        let lease: ModelLease
        let information: ModelInformation
        var engine: AsyncEngine { lease.engine }
        var definition: ModelDefinition { lease.definition }
    }

    /// Finds the model that a request names, and loads it where it is not in memory.
    ///
    /// - Throws: ``APIError`` for an unknown model and when the request's time is over, and what
    ///   keeps the model from being loaded.
    func target(
        named name: String?, _ envelope: RequestEnvelope = RequestEnvelope(),
        _ deadlines: RequestDeadlines = RequestDeadlines()
    ) async throws -> Target {
        let model = try models.status(named: name)
        // A place in an engine keeps it from being unloaded, which this request may wait for.
        if let place = envelope.place, place.engine !== model.engine || model.state != .ready {
            place.giveBack()
        }
        // A client that comes before the server is ready gets told, as it would by a server that
        // does not listen yet; later ones wait for what they have asked for.
        if status.isStarting, case .loading(let fraction) = model.state {
            let percent = Int(fraction * 100)
            throw APIError.unavailable("The model is still loading (\(percent) %).")
        }
        let lease = try await lease(of: model, envelope, deadlines)
        if lease.engine.state == .sleeping {
            throw APIError.unavailable("The model sleeps; wake it up first.")
        }
        return Target(lease: lease, information: try await lease.engine.modelConfiguration)
    }

    private func lease(
        of model: ModelStatus, _ envelope: RequestEnvelope, _ deadlines: RequestDeadlines
    ) async throws -> ModelLease {
        if model.state == .ready { return try await models.acquire(model.name) }
        status.beginRequest()
        defer { status.endRequest() }
        var deadlines = envelope.deadlines.over(deadlines)
        deadlines.total = deadlines.total ?? model.definition.configuration.requestTimeout
        let wait = ModelWait(models: models, arrival: envelope.arrival, deadlines: deadlines)
        return try await wait.lease(of: model.name)
    }

    private func header(
        _ prefix: String, _ options: CommonOptions, _ envelope: RequestEnvelope,
        _ model: ModelDefinition
    ) -> ResponseHeader {
        ResponseHeader(
            prefix: prefix, requestID: envelope.requestID ?? options.requestID, model: model)
    }

    private func generation(
        _ prompt: Prompt, _ sampling: SamplingParameters, _ options: CommonOptions,
        _ envelope: RequestEnvelope, id: String
    ) -> GenerationRequest {
        var request = GenerationRequest(
            prompt: prompt, sampling: sampling, priority: envelope.priority ?? options.priority,
            cacheSalt: options.cacheSalt)
        request.requestID = id
        request.client = envelope.client ?? options.user
        request.apply(envelope, options.deadlines)
        return request
    }

    private func sampling(
        _ fields: SamplingFields, of target: Target
    ) async throws -> SamplingParameters {
        let defaults = try await target.engine.defaultSamplingParameters
        var result = try fields.resolve(over: defaults, model: target.information)
        result.badWordTokenIDs += try await badWords(fields.badWords, of: target)
        return result
    }

    private func checked(_ sampling: SamplingParameters) throws(APIError) {
        do throws(SamplingParameterError) {
            try sampling.validate()
        } catch {
            throw APIError(error)
        }
    }

    private func names(
        for sampling: SamplingParameters, _ options: CommonOptions, of target: Target
    ) async throws -> TokenNames? {
        guard sampling.logprobCount != nil || sampling.promptLogprobCount != nil else { return nil }
        let tokenizer = try await target.engine.tokenizer
        return TokenNames(tokenizer: tokenizer, byID: options.namesTokensByID)
    }
}

extension GenerationRequest {
    fileprivate mutating func apply(_ envelope: RequestEnvelope, _ body: RequestDeadlines) {
        let deadlines = envelope.deadlines.over(body)
        earlierWait = .now - envelope.arrival
        timeout = deadlines.total
        queueTimeout = deadlines.queue
    }
}
