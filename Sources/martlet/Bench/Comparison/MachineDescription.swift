import FoundationEssentials
import MartletJSON

/// What the machine is, for reports that are kept.
enum MachineDescription {
    static var json: JSONValue {
        [
            "processor": processor.map { .string($0) } ?? .null,
            "processors": .integer(ProcessInfo.processInfo.activeProcessorCount),
        ]
    }

    /// The processor's name; nil where the system does not tell.
    private static var processor: String? {
        let lines = ProcessTable.text("/proc/cpuinfo")?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map {
            String($0.drop(while: \.isWhitespace))
        }
    }
}
