import APIKit
import JSON
import Logging
internal import Store
import Synchronization

/// How lines of the log look.
enum LogFormat: String {
    case text
    case json
}

/// Writes the log to standard error: standard output is for the two lines that others wait for.
struct StandardErrorLog: LogHandler {
    var format: LogFormat
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Clock.system.now.text(fractionDigits: 3)
        let metadata = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        var line: String
        switch format {
        case .text:
            line = "\(time) \(event.level) \(event.message)"
            for (key, value) in metadata { line += " \(key)=\(value)" }
        case .json:
            let members: [(String, JSON)] = [
                ("time", .string(time)), ("level", .string(event.level.rawValue)),
                ("message", .string("\(event.message)")),
            ]
            line = JSON.object(JSON.Object(members + metadata.map { ($0.key, .string("\($0.value)")) })).text
        }
        LogOutput.shared.write(line)
    }
}

/// Standard error for a log that is written by event loops, which must never wait.
///
/// A line is written when the other end takes it at once. Whoever starts the program with a pipe and does not read it
/// loses lines, and is told how many as soon as there is room again.
final class LogOutput: Sendable {
    static let shared = LogOutput()

    private let dropped = Mutex(0)

    /// What a pipe takes in one piece when it takes anything (`PIPE_BUF`), less the note about dropped lines.
    private static let longestLine = 4_000

    /// Writes a line, or counts it as dropped.
    func write(_ line: String) {
        dropped.withLock { dropped in
            var text = dropped > 0 ? "\(dropped) lines were dropped: standard error was not read\n" : ""
            text += line.utf8.count > Self.longestLine ? String(line.prefix(Self.longestLine / 4)) + "…" : line
            if printErrorUnlessBusy(text) { dropped = 0 } else { dropped += 1 }
        }
    }
}

extension ServeConfiguration {
    /// The log that was asked for.
    var logger: Logger {
        var logger = Logger(label: "patchbay") { _ in StandardErrorLog(format: logFormat, logLevel: logLevel) }
        logger.logLevel = logLevel
        return logger
    }
}
