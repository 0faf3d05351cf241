import Logging
import PatchbayAPIKit
import PatchbayJSON
import PatchbayStore
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
        let metadata = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let members = metadata.map { ($0.key, "\($0.value)") }
        LogOutput.shared.write(
            line(event.level, "\(event.message)", members),
            after: { line(.warning, "\($0) lines were dropped: standard error was not read", []) },
            orBrief: { line(event.level, Self.brief("\(event.message)"), members.map { ($0, Self.brief($1)) }) },
        )
    }

    private func line(_ level: Logger.Level, _ message: String, _ metadata: [(String, String)]) -> String {
        let time = Clock.system.now.text(fractionDigits: 3)
        switch format {
        case .text:
            return "\(time) \(level) \(message)" + metadata.map { " \($0)=\($1)" }.joined()
        case .json:
            let members = [("time", time), ("level", level.rawValue), ("message", message)] + metadata
            return JSON.object(JSON.Object(members.map { ($0, .string($1)) })).text
        }
    }

    /// The first bytes of a text: a character may have any number of them, and twice as many in JSON.
    private static func brief(_ text: String) -> String {
        let most = 400
        return text.utf8.count > most ? String(decoding: text.utf8.prefix(most), as: UTF8.self) + "…" : text
    }
}

/// Standard error for a log that is written by event loops, which must never wait.
///
/// A line is written when the other end takes it at once. Whoever starts the program with a pipe and does not read it
/// loses lines, and is told how many as soon as there is room again.
final class LogOutput: Sendable {
    static let shared = LogOutput()

    private let dropped = Mutex(0)

    /// What a pipe takes in one piece when it takes anything (`PIPE_BUF`), less a line about dropped ones.
    private static let longestLine = 3_800

    /// Writes a line, or counts it as dropped.
    ///
    /// - Parameters:
    ///   - line: the line.
    ///   - note: a line that says how many were dropped.
    ///   - brief: the line with its texts cut, for one that is too long.
    func write(_ line: String, after note: (Int) -> String, orBrief brief: () -> String) {
        dropped.withLock { dropped in
            let notice = dropped > 0 ? note(dropped) + "\n" : ""
            let text = notice + (line.utf8.count > Self.longestLine ? brief() : line)
            if printError(text, patience: 0) { dropped = 0 } else { dropped += 1 }
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
