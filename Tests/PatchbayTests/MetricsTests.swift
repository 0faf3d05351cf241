import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayServer
import PatchbayStore
import Testing

@testable import Patchbay

/// A strict reader of the Prometheus text format, version 0.0.4.
private struct Exposition {
    struct Sample {
        var name: String
        var labels: [String: String]
        var value: Double
    }

    struct Malformed: Error {
        var line: String
    }

    var samples: [Sample] = []
    var types: [String: String] = [:]

    init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(line: "the last line has no end") }
        var helped: Set<String> = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let help = line.wholeMatch(of: #/# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+/#) {
                guard helped.insert(String(help.1)).inserted else { throw Malformed(line: line) }
            } else if let type = line.wholeMatch(of: #/# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/#) {
                let name = String(type.1)
                guard helped.contains(name), types[name] == nil else { throw Malformed(line: line) }
                types[name] = String(type.2)
            } else {
                samples.append(try Self.sample(line))
                guard let family = family(of: samples[samples.count - 1].name), types[family] != nil else {
                    throw Malformed(line: line)
                }
            }
        }
    }

    /// The metric that a sample belongs to.
    func family(of name: String) -> String? {
        if types[name] != nil { return name }
        return ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
    }

    private static func sample(_ line: String) throws -> Sample {
        let pattern = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)/#
        guard let match = line.wholeMatch(of: pattern), let value = number(String(match.3)) else {
            throw Malformed(line: line)
        }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/#),
                labels[String(label.1)] == nil
            else { throw Malformed(line: line) }
            let value = String(label.2)
            labels[String(label.1)] = value.replacing("\\n", with: "\n").replacing("\\\"", with: "\"")
                .replacing("\\\\", with: "\\")
            rest = rest[label.range.upperBound...]
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    private static func number(_ text: String) -> Double? { text == "+Inf" ? .infinity : Double(text) }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { sample in sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value } }?
            .value
    }
}

/// What is counted.
@Suite struct MetricsTests {
    private let emulator: Emulator

    init() throws {
        emulator = try Emulator(clock: .frozen(at: Emulator.moment))
        emulator.world.becomeReady()
    }

    private func metrics() throws -> Exposition {
        let answer = try emulator.answer("GET /_patchbay/metrics", [])
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try Exposition(answer.text)
    }

    @Test func `Requests are counted by API, operation and status`() throws {
        for _ in 1...3 { _ = try emulator.answer("GET \(seededPaths[2].path)") }
        _ = try emulator.answer("GET \(seededPaths[2].path)", [])
        _ = try emulator.answer("GET /nowhere")
        _ = try emulator.answer("GET /api/atlas/v1.0/nowhere")
        _ = emulator.refuse(ParseError(.contentTooLarge, "too large"), path: "/client/v4/accounts")
        let metrics = try metrics()
        let count = { (api: String, operation: String, status: String) in
            metrics.value(
                "patchbay_requests_total",
                ["api": api, "operation": operation, "status": status]
            )
        }
        #expect(count("atlas", "listPeeringConnections", "404") == 3)
        #expect(count("atlas", "listPeeringConnections", "401") == 1)
        #expect(count("atlas", "none", "404") == 1)
        #expect(count("none", "none", "404") == 1)
        #expect(count("cloudflare", "none", "413") == 1)
        // Control calls are not counted.
        #expect(metrics.samples.filter { $0.name == "patchbay_requests_total" }.reduce(0) { $0 + $1.value } == 7)
        #expect(metrics.types["patchbay_requests_total"] == "counter")
    }

    @Test func `Durations are a histogram whose buckets add up`() throws {
        for status in [true, false] {
            for _ in 1...4 { _ = try emulator.answer("GET \(seededPaths[4].path)", status ? credentials : []) }
        }
        _ = try emulator.answer("GET \(seededPaths[0].path)")
        let metrics = try metrics()
        let name = "patchbay_request_duration_seconds"
        #expect(metrics.types[name] == "histogram")
        let operations = Set(
            metrics.samples.filter { $0.name == name + "_count" }.compactMap { $0.labels["operation"] }
        )
        #expect(operations.count == 2)
        for operation in operations {
            let buckets = metrics.samples.filter { $0.name == name + "_bucket" && $0.labels["operation"] == operation }
            let bounds = buckets.compactMap { $0.labels["le"] }.map { $0 == "+Inf" ? .infinity : Double($0) ?? .nan }
            #expect(bounds == bounds.sorted() && bounds.last == .infinity && Set(bounds).count == bounds.count)
            let counts = buckets.map(\.value)
            #expect(counts == counts.sorted())
            let total = metrics.value(name + "_count", ["operation": operation])
            #expect(counts.last == total)
            #expect(total == (operation == "connectivity-services-list" ? 8 : 1))
            #expect(metrics.value(name + "_sum", ["operation": operation]) ?? 0 > 0)
        }
    }

    @Test func `The journal, the store, faults and the program are measured`() throws {
        let before = try metrics()
        #expect(before.value("patchbay_journal_entries") == 0)
        #expect(before.value("patchbay_store_bytes") ?? 0 > 0)
        #expect(before.value("patchbay_connections") == 0)
        #expect(before.value("patchbay_ready") == 1)
        #expect(before.value("patchbay_start_time_seconds") == 1_800_000_000)
        #expect(before.value("patchbay_build_info", ["version": Emulator.version]) == 1)
        emulator.world.faults.put(Fault("broken", api: "atlas", effect: .reset))
        _ = try emulator.answer("GET \(seededPaths[2].path)")
        let after = try metrics()
        #expect(after.value("patchbay_journal_entries") == 1)
        #expect(after.value("patchbay_faults") == 1)
        #expect(after.value("patchbay_faults_fired_total", ["api": "atlas"]) == 1)
        #expect(after.value("patchbay_requests_total", ["api": "atlas", "status": "none"]) == 1)
        emulator.world.faults.removeAll()
        #expect(try metrics().value("patchbay_faults_fired_total", ["api": "atlas"]) == 1)
    }

    @Test func `What the journal lets go is counted, also when it is forgotten`() throws {
        let emulator = try Emulator(journal: 2)
        for _ in 1...5 { _ = try emulator.answer("GET /nowhere") }
        _ = try emulator.answer("DELETE /_patchbay/requests", [])
        let metrics = try Exposition(try emulator.answer("GET /_patchbay/metrics", []).text)
        #expect(metrics.value("patchbay_journal_dropped_total") == 3)
        #expect(metrics.value("patchbay_journal_entries") == 0)
        #expect(metrics.value("patchbay_ready") == 0)
    }

    @Test func `Labels are escaped`() throws {
        let value = "a\"b\\c\nd,e}"
        let family = MetricFamily(
            name: "m",
            kind: .gauge,
            help: "a\\b\nc",
            samples: [.init(labels: [("x", value), ("y", "")], value: 0.5), .init(value: .infinity)]
        )
        let read = try Exposition(family.text)
        #expect(read.samples.map(\.labels) == [["x": value, "y": ""], [:]])
        #expect(read.samples.map(\.value) == [0.5, .infinity])
    }

    @Test func `Open connections are counted by whoever knows them`() throws {
        emulator.world.countConnections { 7 }
        #expect(try metrics().value("patchbay_connections") == 7)
        let server = EmulatorServer(emulator, options: ServerOptions(host: "127.0.0.1", port: 0, loops: 1))
        #expect(try metrics().value("patchbay_connections") == 0)
        withExtendedLifetime(server) {}
    }
}

/// What is emulated, and what the control plane offers.
@Suite struct RouteCallTests {
    @Test func `Routes are the tables of the APIs`() throws {
        let emulator = try Emulator.shared()
        let all = try #require(try emulator.answer("GET /_patchbay/routes", []).json?["apis"]?.arrayValue)
        #expect(all.map { $0["name"]?.stringValue } == emulator.world.services.map(\.name))
        for (json, service) in zip(all, emulator.world.services) {
            let operations = json["operations"]?.arrayValue ?? []
            #expect(operations.map { $0["path"]?.stringValue } == service.routes.map(\.path))
            #expect(operations.map { $0["operation"]?.stringValue } == service.routes.map(\.operation))
            let names = operations.map { $0["parameters"]?.arrayValue?.map { $0["name"]?.stringValue } }
            #expect(names == service.routes.map { $0.parameters.map(\.name) })
            #expect(json["errors"]?.arrayValue?.count == service.errors(emulator.world).count)
        }
        let one = try emulator.answer("GET /_patchbay/routes?api=atlas", []).json?["apis"]?.arrayValue
        #expect(one == [all[3]])
        #expect(one?[0]["errors"]?.arrayValue?.contains { $0["status"] == 429 } == true)
        let none = try emulator.answer("GET /_patchbay/routes?api=atla", [])
        #expect(none.status == 400)
        #expect(none.json?["nearest"] == "atlas")
    }
}
