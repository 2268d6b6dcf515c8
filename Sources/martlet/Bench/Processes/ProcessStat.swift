/// One line of the kernel's account of a process.
///
/// - Source: Linux kernel documentation, `proc(5)`.
package struct ProcessStat: Hashable, Sendable {
    package let pid: Int
    /// `R` running, `S` sleeping, `Z` ended and not waited for.
    package let state: Character
    package let parent: Int
    package let group: Int
    /// Time in programs and in the kernel for them, in ticks of the clock.
    package let tickCount: Int

    /// Reads the contents of `/proc/PID/stat`; nil where they are anything else.
    package init?(parsing text: String) {
        // The name stands in parentheses and may itself contain some.
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"),
            open < close, let pid = Int(text[..<open].filter { !$0.isWhitespace })
        else { return nil }
        let fields = text[text.index(after: close)...].split(whereSeparator: \.isWhitespace)
        guard fields.count > 12, let state = fields[0].first, let parent = Int(fields[1]),
            let group = Int(fields[2]), let user = Int(fields[11]), let system = Int(fields[12])
        else { return nil }
        self.pid = pid
        self.state = state
        self.parent = parent
        self.group = group
        tickCount = user + system
    }

    /// Whether the process has not ended.
    package var isAlive: Bool { state != "Z" && state != "X" }
}
