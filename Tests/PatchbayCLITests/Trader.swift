import Foundation
import PatchbayJSON
import SeededGenerator
import Synchronization
import Testing

/// Where a server is asked.
struct Door: Sendable {
    let program: Program
    let url: String

    /// What is answered; status 0 when nothing is.
    func ask(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, text: String, json: JSON?) {
        let server = RunningServer(program, at: url)
        let lines = [
            "\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ]
        let text = try server.exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        let content = text.range(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return (Int(text.dropFirst(9).prefix(3)) ?? 0, text, try? JSON(parsing: String(content)))
    }

    /// The body of a 200.
    func read(_ path: String) throws -> JSON {
        let answer = try ask("GET", path)
        guard answer.status == 200, let json = answer.json else {
            if answer.status > 0 { Issue.record("GET \(path): \(answer.text)") }
            throw Program.Failure(description: "GET \(path): \(answer.status)")
        }
        return json
    }
}

extension RunningServer {
    var door: Door { Door(program: program, url: url) }
}

/// A client that writes to a tenant of its own, and knows what has to be there.
final class Trader: @unchecked Sendable {
    let trade: Trade
    private let parameters: [String: String]
    /// What was there at the beginning.
    private let beginning: [String]
    /// What has to be there.
    private var expected: [String]
    /// What may be there instead: what was asked for last has not been answered.
    private(set) var unsure: [String]?
    /// How many writes were acknowledged.
    private let acknowledged = Atomic(0)
    var written: Int { acknowledged.load(ordering: .relaxed) }
    private var number = 0
    private var saved: [String]?
    /// Whether there may be no room to keep what comes about by itself.
    var isShortOfRoom = false

    init(_ trade: Trade, of server: Door) throws {
        self.trade = trade
        let made = try server.ask("PUT", "/_patchbay/tenants/\(trade.name)", trade.tenant)
        let tenants = made.json?["tenants"]?.arrayValue ?? []
        parameters = tenants.reduce(into: [:]) { parameters, tenant in
            for (name, value) in tenant["parameters"]?.objectValue ?? [:] { parameters[name] = value.stringValue }
        }
        beginning = try trade.rows(parameters, server).map(\.mark).sorted()
        #expect(!beginning.isEmpty, "\(made.text)")
        expected = beginning
    }

    /// Makes sure that nothing is missing, and nothing half done.
    ///
    /// - Returns: whether what had not been answered was done.
    func checkAfterRestart(_ server: Door) throws -> Bool {
        let rows = try trade.rows(parameters, server)
        let marks = rows.map(\.mark).sorted()
        let isDone = unsure.map { marks == $0 && marks != expected } ?? false
        #expect(isDone || marks == expected, "\(trade.name): \(marks), or else \(unsure ?? [])")
        for row in rows.prefix(2) {
            #expect(try trade.mark(server.read(trade.single(parameters, row))) == row.mark, "\(trade.name) \(row)")
        }
        expected = marks
        unsure = nil
        return isDone
    }

    /// What came of a write.
    enum Outcome {
        case acknowledged
        /// Nothing was done, and the answer says so.
        case refused(Trade.Step, answer: String)
        /// It may have been done.
        case unanswered
        /// Nothing was asked: what was written before has not yet come to its end by itself, which can be kept nowhere.
        case standing
    }

    /// Writes once, and makes sure that what is there then is what was written, or what was there before if that is refused.
    ///
    /// - Throws: `Program.Failure` when nothing can be read.
    func write(to server: Door, using generator: inout SeededGenerator) throws -> Outcome {
        let rows = try trade.rows(parameters, server)
        if isShortOfRoom, rows.map(\.mark).sorted() != expected { return .standing }
        number += 1
        let moment = Trade.Moment(
            parameters: parameters,
            rows: rows,
            number: number,
            beginning: beginning,
            saved: saved,
        )
        guard let step = trade.steps(moment).randomElement(using: &generator) else {
            throw Program.Failure(description: "\(trade.name): there is nothing to do")
        }
        unsure = step.after.sorted()
        guard let answer = try? server.ask(step.method, step.path, step.body), answer.status > 0 else {
            return .unanswered
        }
        unsure = nil
        let isDone = (200..<300).contains(answer.status)
        if isDone {
            expected = step.after.sorted()
            acknowledged.add(1, ordering: .relaxed)
            if let isSaving = step.isSaving { saved = isSaving ? expected : nil }
        }
        let marks = try trade.rows(parameters, server).map(\.mark).sorted()
        #expect(isShortOfRoom && isDone || marks == expected, "\(trade.name): \(step), answered \(answer.status)")
        return isDone ? .acknowledged : .refused(step, answer: answer.text)
    }

    /// Writes until the server is gone, and forgets what was saved before that.
    func writeToTheEnd(of server: Door, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        saved = nil
        do {
            while true {
                switch try write(to: server, using: &generator) {
                case .acknowledged: continue
                case .refused(let step, let answer): Issue.record("\(trade.name): \(step) \(answer)")
                case .unanswered, .standing: return
                }
            }
        } catch {
            // It is gone; what was acknowledged is known.
        }
    }
}
