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

/// Writes one of the two lines of standard output, at once: whoever started the program waits for it.
func announce(_ line: String) {
    print(line)
    fflush(nil)
}

/// Writes a line to standard error, in one piece, so that the lines of several threads do not mix.
func printError(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

/// Writes a line to standard error if it can be written without waiting.
func printErrorUnlessBusy(_ line: String) -> Bool {
    var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&request, 1, 0) > 0, request.revents & Int16(POLLOUT) != 0 else { return false }
    printError(line)
    return true
}

/// A file that is there while the server is ready.
enum ReadyFile {
    /// Writes the file, as a whole or not at all.
    ///
    /// - Throws: `UsageError` when it cannot be written.
    static func write(_ path: String, content: String) throws(UsageError) {
        do {
            try Data(content.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw UsageError(description: "--ready-file: \"\(path)\" cannot be written")
        }
    }

    static func remove(_ path: String) {
        unlink(path)
    }
}
