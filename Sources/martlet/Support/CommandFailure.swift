import ArgumentParser
import FoundationEssentials

/// Ends a command with a message to people and a status to scripts.
struct CommandFailure: Error {
    /// Something went wrong that has no status of its own.
    static let failure = ExitCode(1)
    /// The model was not found: `EX_NOINPUT`.
    static let modelNotFound = ExitCode(66)
    /// The address cannot be used: `EX_UNAVAILABLE`.
    static let unavailable = ExitCode(69)

    /// Tells what went wrong and returns what to throw.
    static func report(_ message: String, _ code: ExitCode = failure) -> ExitCode {
        StandardError.write("martlet: \(message)\n")
        return code
    }

    /// Runs a command's work and reports what it throws.
    static func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            throw report("\(error)")
        }
    }
}
