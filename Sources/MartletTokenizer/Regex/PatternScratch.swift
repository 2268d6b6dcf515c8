/// The memory that matching reuses from call to call: backtracking frames, open groups, registers.
struct PatternScratch: Sendable {
    /// What to do when the current attempt fails.
    struct Frame: Sendable {
        enum Kind: UInt8 {
            /// Continue at `index`, at `position`.
            case resume
            /// A greedy run reached `position`: give back one scalar unless that is `extra`.
            case shrink
            /// A lazy run, instruction `index`, reached `position` and may take `extra` more.
            case grow
            /// Try the alternatives of dispatch `index` whose bits `extra` holds, at `position`.
            case alternatives
            /// Register `index` held `position`.
            case restore
            /// A look-around or atomic group began here and has failed.
            case barrier
            /// A negative look-around at `position` began and its body failed: go on at `index`.
            case negativeBarrier
        }

        var kind: Kind
        var index: Int32
        var position: Int
        var extra: Int = 0
    }

    /// An open look-around or atomic group.
    struct Group: Sendable {
        /// How many frames there were before the group's own.
        var frameCount: Int
        /// Where matching stood.
        var position: Int
    }

    var frames: [Frame] = []
    var groups: [Group] = []
    var registers: [Int] = []

    init() {}
}
