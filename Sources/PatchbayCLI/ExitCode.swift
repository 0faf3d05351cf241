import ArgumentParser
import Patchbay
import PatchbayAPIKit
import PatchbayServer
import PatchbayStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The codes that the program ends with, which are part of its interface (`patchbay --help`).
enum ExitCode: Int32 {
    /// Stopped on request, or the work is done.
    case done = 0
    /// A failure while running.
    case failure = 1
    /// A flag, a variable or a verb is wrong.
    case usage = 2
    /// A seed or a store cannot be used.
    case invalidData = 3
    /// The address is taken, or none of this machine's.
    case addressUnavailable = 4
    /// Requests came that do not keep to their contract, and `--strict` asked for that to be told.
    case divergence = 5

    /// Runs a command line and says how it ended; with what it printed not written, it has failed.
    static func result(of arguments: [String]) -> Self {
        let code = carryOut(arguments)
        guard code == .done, let reason = flushOutput() else { return code }
        printError("patchbay: standard output cannot be written: \(reason)")
        return .failure
    }

    private static func carryOut(_ arguments: [String]) -> Self {
        do {
            var command = try PatchbayCommand.parseAsRoot(arguments)
            try command.run()
            return .done
        } catch {
            return report(error)
        }
    }

    /// Ends the process.
    static func leave(with code: Self) -> Never {
        exit(code.rawValue)
    }

    /// Ends the process as a command did that it ran.
    static func leave(withCodeOf command: Int32) -> Never {
        exit(command)
    }

    /// Ends the process at once, as a command would have that was not run.
    static func leaveAtOnce(withCodeOf command: Int32) -> Never {
        _exit(command)
    }

    /// Ends the process at once, while other threads are at work that nobody waits for.
    static func leaveAtOnce(with code: Self) -> Never {
        _exit(code.rawValue)
    }

    /// Writes an error to standard error, each finding on a line of its own, and says what it is worth.
    private static func report(_ error: any Error) -> Self {
        let code = Self(of: error)
        switch error {
        case is UsageError, is SeedError, is StoreFileError, is SQLiteError, is ServerError, is WriteError,
            is CheckFailure, is Divergence:
            for line in "\(error)".split(separator: "\n") { printError("patchbay: \(line)") }
        default:
            // Everything else comes from the argument parser, a request for help included.
            let message = PatchbayCommand.fullMessage(for: error)
            if PatchbayCommand.exitCode(for: error) == .success {
                print(message)
                return .done
            }
            printError(message)
        }
        return code
    }

    private init(of error: any Error) {
        switch error {
        case is SeedError, is StoreFileError: self = .invalidData
        case is SQLiteError, is WriteError, is CheckFailure: self = .failure
        case is Divergence: self = .divergence
        case let error as ServerError:
            switch error {
            case .addressInUse, .addressUnavailable, .permissionDenied: self = .addressUnavailable
            case .badHost: self = .usage
            case .wrongState, .system: self = .failure
            }
        default: self = .usage
        }
    }
}

/// Requests came that do not keep to their contract.
struct Divergence: Error, CustomStringConvertible {
    let description = "divergence found: requests came that do not keep to their contract (--strict)"
}

/// A check on the command line whose answer is no.
struct CheckFailure: Error, CustomStringConvertible {
    var description: String
}
