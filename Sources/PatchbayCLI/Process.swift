#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The variables that the process was started with.
func processEnvironment() -> [String: String] {
    ProcessInfo.processInfo.environment
}

/// Opens what is closed of standard input, output and error, so that no socket or store gets what is meant for them.
func openStandardDescriptors() {
    // A file gets the lowest number that is free.
    while case let file = open("/dev/null", O_RDWR), file >= 0 {
        guard file > STDERR_FILENO else { continue }
        close(file)
        return
    }
}

/// Writes one of the two lines of standard output, at once: whoever started the program waits for it.
///
/// - Returns: why it could not be written; `nil` when it was.
func announce(_ line: String) -> String? {
    let bytes = Array((line + "\n").utf8)
    return write(STDOUT_FILENO, bytes, bytes.count) == bytes.count ? nil : String(cString: strerror(errno))
}

/// Writes what was printed and is not written yet.
///
/// - Returns: why it could not be written; `nil` when it was.
func flushOutput() -> String? {
    fflush(nil) == 0 ? nil : String(cString: strerror(errno))
}

/// Writes a line to standard error, in one piece, so that the lines of several threads do not mix.
///
/// - Parameters:
///   - line: the line.
///   - patience: how many milliseconds it may take until somebody reads what was written before.
/// - Returns: whether it was written.
@discardableResult
func printError(_ line: String, patience: Int32 = 2_000) -> Bool {
    var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&request, 1, patience) > 0, request.revents & Int16(POLLOUT) != 0 else { return false }
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
    return true
}
