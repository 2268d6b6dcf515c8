/// How a repetition trades length for success.
enum RepetitionMode: Sendable {
    case greedy
    case lazy
    case possessive
}
