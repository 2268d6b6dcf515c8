/// What one rendering may cost. Templates and messages come from outside, so every loop, string and
/// recursion counts against a limit and none of them can stop the process.
package struct RenderLimits: Hashable, Sendable {
    /// Evaluated nodes, handled elements, and 64-byte pieces of handled text. The default bounds a
    /// rendering to well under a second and its memory to about a hundred megabytes.
    package var maximumSteps: Int
    /// Bytes of the rendered text, and of every string on the way to it.
    package var maximumOutputBytes: Int
    /// Nested evaluations: expressions, statements and macro calls together. A level takes up to
    /// 2 KiB of stack in a release build, so that the default fits into a thread of 512 KiB.
    package var maximumDepth: Int
    /// Nested containers in one value.
    package var maximumValueDepth: Int
    /// Elements of a `range()`; the reference sandbox allows as many.
    package var maximumRangeLength: Int

    package init(
        maximumSteps: Int = 2_000_000, maximumOutputBytes: Int = 16 << 20,
        maximumDepth: Int = 200, maximumValueDepth: Int = 128,
        maximumRangeLength: Int = 100_000
    ) {
        self.maximumSteps = maximumSteps
        self.maximumOutputBytes = maximumOutputBytes
        self.maximumDepth = maximumDepth
        self.maximumValueDepth = maximumValueDepth
        self.maximumRangeLength = maximumRangeLength
    }

    /// Limits that no published template comes near.
    package static let `default` = RenderLimits()
}
