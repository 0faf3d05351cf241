import APIKit
import JSON
import Logging
internal import Store

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
        printError(line)
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
