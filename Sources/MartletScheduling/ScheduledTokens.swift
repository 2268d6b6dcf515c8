/// The tokens that one sequence computes in a step.
///
/// Sequences that generate have one each, which lies in the value itself: a step of them allocates
/// nothing for their tokens.
package struct ScheduledTokens: RandomAccessCollection, Hashable, Sendable {
    private enum Storage: Hashable {
        case one(Int32)
        /// Not one, so that equal tokens are stored alike.
        case other([Int32])
    }

    private let storage: Storage

    package init(_ tokens: some Collection<Int32>) {
        if tokens.count == 1, let token = tokens.first {
            storage = .one(token)
        } else {
            storage = .other(Array(tokens))
        }
    }

    package var startIndex: Int { 0 }

    package var endIndex: Int {
        switch storage {
        case .one: 1
        case .other(let tokens): tokens.count
        }
    }

    package subscript(index: Int) -> Int32 {
        switch storage {
        case .one(let token):
            precondition(index == 0, "there is one token")
            return token
        case .other(let tokens): return tokens[index]
        }
    }
}

extension ScheduledTokens: ExpressibleByArrayLiteral {
    package init(arrayLiteral tokens: Int32...) { self.init(tokens) }
}
