/// A part of a text, and whether a pattern matched it.
struct SplitCut {
    var range: Range<Int>
    var isMatch: Bool
}
