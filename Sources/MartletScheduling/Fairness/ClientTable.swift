/// The clients that have sequences, each at its index, and what they were served.
///
/// A client that comes, or comes back, begins at the virtual time, less a credit, so that a few
/// short requests do not wait behind the many of others. The virtual time is what a client was
/// served that had its share all the time. It goes on with every token, and all credits together
/// are at most half of what is served: a stream of new clients cannot starve an old one.
/// What a client was served is remembered when it leaves, for as long as it tells, so that leaving
/// pays no debts and coming back at once earns nothing.
///
/// - Source: the virtual token counters of Sheng et al., "Fairness in Serving Large Language
///   Models" (2024).
struct ClientTable: Sendable {
    /// How many clients that left are remembered at most.
    static let departedCountMax = 1024

    /// The most tokens of credit that one client gets.
    let creditMax: Int
    /// The tokens of credit that the next client may have.
    private var credit = 0
    private var virtualTime = 0
    /// What is left of tokens that were shared out among the clients.
    private var remainder = 0
    /// The accounts by index; those at `vacantIndices` belong to nobody.
    var accounts: [ClientAccount] = []
    private var vacantIndices: [Int] = []
    private var indices: [String?: Int] = [:]
    /// What clients were served that left and may not be given the whole credit.
    private(set) var departed: [String?: Int] = [:]

    init(creditMax: Int) {
        self.creditMax = creditMax
    }

    /// How many clients have sequences.
    var count: Int { indices.count }

    /// Counts one more sequence of a client.
    ///
    /// - Returns: the client's index.
    mutating func join(_ name: String?) -> Int {
        let index = indices[name] ?? insert(name)
        accounts[index].sequenceCount += 1
        return index
    }

    /// Counts tokens that were computed for a client.
    mutating func charge(_ tokenCount: Int, to index: Int) {
        accounts[index].servedTokenCount += tokenCount
        credit = min(credit + tokenCount / 2, creditMax)
        let (share, rest) = (remainder + tokenCount).quotientAndRemainder(
            dividingBy: max(count, 1))
        virtualTime += share
        remainder = rest
    }

    /// Counts one sequence less; a client without any is forgotten.
    mutating func leave(_ index: Int) {
        accounts[index].sequenceCount -= 1
        guard accounts[index].sequenceCount == 0 else { return }
        let account = accounts[index]
        accounts[index] = ClientAccount(name: nil, servedTokenCount: 0)
        vacantIndices.append(index)
        indices[account.name] = nil
        remember(account)
    }

    private mutating func insert(_ name: String?) -> Int {
        let earlier = departed.removeValue(forKey: name)
        virtualTime = max(virtualTime, leastServedCount ?? virtualTime)
        let start = max(earlier ?? .min, virtualTime - credit)
        credit -= max(0, virtualTime - start)
        let account = ClientAccount(name: name, servedTokenCount: start)
        let index = vacantIndices.popLast() ?? accounts.count
        if index == accounts.count {
            accounts.append(account)
        } else {
            accounts[index] = account
        }
        indices[name] = index
        return index
    }

    private mutating func remember(_ account: ClientAccount) {
        guard let least = leastServedCount else { return departed.removeAll() }
        virtualTime = max(virtualTime, least)
        guard account.servedTokenCount > virtualTime - creditMax else { return }
        if departed.count >= Self.departedCountMax {
            departed = departed.filter { $1 > virtualTime - creditMax }
        }
        guard departed.count < Self.departedCountMax else { return }
        departed[account.name] = account.servedTokenCount
    }

    private var leastServedCount: Int? {
        indices.values.lazy.map { accounts[$0].servedTokenCount }.min()
    }
}

extension ClientTable {
    /// Of all clients' most urgent entries the one to serve first, among those of sequences that
    /// have run before unless `startsNew`.
    mutating func first(startsNew: Bool, states: [SequenceState]) -> WaitingEntry? {
        var best: (ServiceOrder, WaitingEntry)?
        for index in indices.values {
            guard let entry = firstCurrent(of: index, startsNew: startsNew, states: states)
            else { continue }
            let order = ServiceOrder(
                servedTokenCount: accounts[index].servedTokenCount, rank: entry.rank)
            if best.map({ order < $0.0 }) ?? true { best = (order, entry) }
        }
        return best?.1
    }

    /// Keeps entries of sequences that no longer wait from filling the queues.
    mutating func dropStaleEntries(states: [SequenceState]) {
        for index in indices.values
        where accounts[index].queue.count > accounts[index].queueCountMax {
            accounts[index].queue.keep { $0.isCurrent(in: states) }
        }
    }

    private mutating func firstCurrent(
        of index: Int, startsNew: Bool, states: [SequenceState]
    ) -> WaitingEntry? {
        while let entry = accounts[index].queue.first(startsNew: startsNew) {
            if entry.isCurrent(in: states) { return entry }
            accounts[index].queue.remove(entry)
        }
        return nil
    }
}
