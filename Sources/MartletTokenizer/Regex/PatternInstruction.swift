/// One step of a compiled pattern. What the fields mean depends on the operation.
struct PatternInstruction: Sendable {
    enum Operation: UInt8 {
        /// The pattern has matched.
        case match
        /// `byte` must come next.
        case byte
        /// A scalar of set `first` must come next.
        case set
        /// Between `minimum` and `maximum` scalars of set `first`, as many as possible, giving
        /// back on failure (`greedyRun`), as few as possible (`lazyRun`), or never giving back.
        case greedyRun, lazyRun, possessiveRun
        /// Continue at `first`.
        case jump
        /// Continue at `first`; on failure at `second`.
        case split
        /// Try the targets from `second` on whose bit is set in dispatch table `first`.
        case dispatch
        /// Remember the position in register `first`.
        case mark
        /// Continue at `second` if anything was consumed since register `first` was set.
        case repeatUnlessEmpty
        /// A scalar of set `first` must come next, but is not consumed; must not come next.
        case peek, peekNot
        /// Brackets of look-around and atomic groups; `first` is where to go on after a negative
        /// look-around has failed to match.
        case look, lookEnd, lookNot, lookNotEnd, atomic, atomicEnd
        /// Move back by `minimum` scalars.
        case stepBack
        /// The condition `byte`, a raw `PatternAssertion`, must hold.
        case assertion
    }

    var operation: Operation
    var byte: UInt8 = 0
    var first: Int32 = 0
    var second: Int32 = 0
    var minimum: Int32 = 0
    var maximum: Int32 = 0
}
