#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Which kernels to use, and what to tell the operator about the choice.
///
/// The strongest instruction set is taken unless one is asked for by name. A name that is unknown,
/// or that this machine does not run, is not obeyed and leaves a `warning` for the log.
package struct KernelSelection: Sendable {
    package let table: KernelTable
    /// Why the request was not obeyed; nil when it was, or when there was none.
    package let warning: String?

    package init(requested: String?) {
        let best = InstructionSet.best
        guard let requested, !requested.isEmpty else {
            self.init(best, warning: nil)
            return
        }
        guard let wanted = InstructionSet(rawValue: requested.lowercased()) else {
            let names = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
            let reason = "is not one of \(names)"
            self.init(best, warning: Self.warning(requested, reason, best))
            return
        }
        guard wanted.isSupported else {
            let reason = "does not run on this machine"
            self.init(best, warning: Self.warning(requested, reason, best))
            return
        }
        self.init(wanted, warning: nil)
    }

    /// The choice of the environment variable `MARTLET_ISA`, read once per process.
    package static let fromEnvironment = KernelSelection(
        requested: getenv("MARTLET_ISA").map { String(cString: $0) })

    private init(_ instructionSet: InstructionSet, warning: String?) {
        guard let table = KernelTable(instructionSet) ?? KernelTable(.portable) else {
            preconditionFailure("the portable kernels run everywhere")
        }
        self.table = table
        self.warning = warning
    }

    private static func warning(
        _ requested: String, _ reason: String, _ used: InstructionSet
    ) -> String {
        "MARTLET_ISA=\(requested) \(reason); using \(used.rawValue)"
    }
}
