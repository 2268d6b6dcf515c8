/// All models of a process, loaded or not, and every decision about them; without clock or engine.
///
/// An event goes in, and the actions to perform come out. Times are offsets from any fixed moment.
///
/// - Requests for one model join one load. A load that has begun goes on though those who asked
///   for it leave: clients that give up too early and try again would never see it end. One that
///   still waits for memory is forgotten with the last who wants it.
/// - Models that need memory get it in the order they were asked for. Idle models that are not
///   pinned make room, the one that was idle longest first; where those in use leave too little,
///   requests wait for them, up to ``Policy/waitMax``.
/// - A model that is unloaded first finishes what is open. Requests that come meanwhile wait, and
///   load it again.
/// - A failure is the answer to all requests of the next ``Policy/retryDelay``.
package struct ModelTable: Sendable {
    /// Limits of the decisions.
    package struct Policy: Hashable, Sendable {
        /// Bytes that all models may take together; nil for no limit.
        package var byteCount: Int?
        /// How long a request waits for memory that others use.
        package var waitMax = Duration.seconds(60)
        /// How long a failure is remembered before loading is tried again.
        package var retryDelay = Duration.seconds(5)
        /// How long a model that is to be unloaded is left to those who use it.
        package var drainMax = Duration.seconds(30)
        /// Loads at a time. Two that share the processors both end late.
        package var loadCountMax = 1

        package init(byteCount: Int?) {
            self.byteCount = byteCount
        }
    }

    package let policy: Policy
    package internal(set) var entries: [ModelKey: ModelEntry] = [:]
    /// Declared models, by declaration.
    package internal(set) var order: [ModelKey] = []
    var keys: [String: ModelKey] = [:]
    /// Models that wait to be loaded, by the time they were first asked for.
    var queue: [ModelKey] = []
    var isShuttingDown = false
    private var nextKey = 0

    package init(policy: Policy) {
        self.policy = policy
    }

    // MARK: Declarations

    /// Declares a model.
    ///
    /// - Throws: ``ModelError/badName(_:)`` where it has no name or one that is taken.
    @discardableResult
    package mutating func add(_ declaration: ModelEntry.Declaration) throws(ModelError) -> ModelKey
    {
        if declaration.names.isEmpty { throw .badName("") }
        if Set(declaration.names).count < declaration.names.count {
            throw .badName(declaration.names[0])
        }
        for name in declaration.names where name.isEmpty || keys[name] != nil {
            throw .badName(name)
        }
        let key = ModelKey(rawValue: nextKey)
        nextKey += 1
        entries[key] = ModelEntry(declaration)
        order.append(key)
        for name in declaration.names { keys[name] = key }
        return key
    }

    /// Forgets a model that is not in memory.
    ///
    /// - Throws: ``ModelError/unknown(name:)`` or ``ModelError/inUse(name:)``.
    package mutating func remove(_ name: String) throws(ModelError) -> ModelKey {
        guard let key = keys[name], let entry = entries[key] else { throw .unknown(name: name) }
        guard entry.isAbsent, !entry.isAwaited else { throw .inUse(name: name) }
        for name in entry.declaration.names { keys[name] = nil }
        order.removeAll { $0 == key }
        entries[key] = nil
        return key
    }

    /// The model of that name; the first that was declared for nil.
    package func key(_ name: String?) throws(ModelError) -> ModelKey {
        guard let name else {
            if let first = order.first { return first }
            throw .unknown(name: "")
        }
        guard let key = keys[name] else { throw .unknown(name: name) }
        return key
    }

    // MARK: Memory

    /// Bytes that are set aside for models.
    package var byteCount: Int { entries.values.reduce(0) { $0 + $1.byteCount } }

    /// Models on their way into memory.
    var loadingCount: Int { entries.values.count { $0.phase == .loading } }

    mutating func update(_ key: ModelKey, _ change: (inout ModelEntry) -> Void) {
        guard var entry = entries[key] else { return }
        change(&entry)
        entries[key] = entry
    }

    /// The entry of a stay in memory that is not over.
    func current(_ load: ModelLoad) -> ModelEntry? {
        guard let entry = entries[load.model], entry.generation == load.generation else {
            return nil
        }
        return entry
    }

    func load(_ key: ModelKey) -> ModelLoad {
        ModelLoad(model: key, generation: entries[key]?.generation ?? 0)
    }
}
