internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What is counted, for Prometheus.
extension ControlAPI {
    static let metricsEndpoint = Endpoint<Self>(
        .get,
        "/metrics",
        operation: "readMetrics",
        summary: "What is counted, in the text format of Prometheus.",
        answerType: MetricFamily.mediaType,
        answer: ["type": "string"],
        handler: readMetrics,
    )

    /// What is counted, in the text format of Prometheus.
    static func readMetrics(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let world = call.world
        let text = try (world.requestMetrics + stateMetrics(of: world)).map(\.text).joined()
        return Reply(contentType: MetricFamily.mediaType, body: Array(text.utf8))
    }

    private static func stateMetrics(of world: World) throws(Failure) -> [MetricFamily] {
        let bytes: Int64
        do {
            bytes = try world.store.bytes
        } catch {
            throw Failure(.storage("\(error)"))
        }
        let journal = world.journal
        return [
            .one("patchbay_connections", .gauge, "Open connections.", Double(world.connections)),
            .one("patchbay_journal_entries", .gauge, "Requests that the journal keeps.", Double(journal.count)),
            .one("patchbay_journal_dropped_total", .counter, "Requests that it let go.", Double(journal.dropped)),
            .one("patchbay_store_bytes", .gauge, "Size of the store.", Double(bytes)),
            .one("patchbay_faults", .gauge, "Faults in force.", Double(world.faults.list().count)),
            .one("patchbay_ready", .gauge, "Whether the seeds are loaded.", world.isReady ? 1 : 0),
            .one(
                "patchbay_start_time_seconds",
                .gauge,
                "When the program began, in seconds since 1970.",
                Double(world.started.microseconds) / 1_000_000
            ),
            MetricFamily(
                name: "patchbay_build_info",
                kind: .gauge,
                help: "The version that runs.",
                samples: [.init(labels: [("version", Emulator.version)], value: 1)]
            ),
        ]
    }
}

extension World {
    /// What is counted of requests, by API and operation, in the order of the tables.
    fileprivate var requestMetrics: [MetricFamily] {
        let rows = metrics.all.sorted { left, right in
            let (left, right) = (left.series, right.series)
            return (place(left.api), left.route ?? -1, left.status) < (
                place(right.api), right.route ?? -1, right.status
            )
        }
        var requests = MetricFamily(
            name: "patchbay_requests_total",
            kind: .counter,
            help: "Requests that were answered."
        )
        var strikes = MetricFamily(name: "patchbay_faults_fired_total", kind: .counter, help: "Faults that struck.")
        var durations = MetricFamily(
            name: "patchbay_request_duration_seconds",
            kind: .histogram,
            help: "How long answers took to make, without the delays of faults."
        )
        for (place, row) in rows.enumerated() {
            let labels = labels(of: row.series)
            // An answer that a fault let not leave has no status.
            let status = row.series.status == 0 ? "none" : String(row.series.status)
            requests.samples.append(.init(labels: labels + [("status", status)], value: Double(row.counted.requests)))
            let isNew = place == 0 || !row.series.isOfSameOperation(as: rows[place - 1].series)
            guard isNew else { continue }
            let all = rows[place...].prefix { $0.series.isOfSameOperation(as: row.series) }.map(\.counted)
            durations.samples += Self.histogram(all, labels)
            strikes.samples.append(.init(labels: labels, value: Double(all.reduce(0) { $0 + $1.strikes })))
        }
        return [requests, durations, strikes]
    }

    private func place(_ api: String) -> Int { services.firstIndex { $0.name == api } ?? services.count }

    private func labels(of series: Metrics.Series) -> [(name: String, value: String)] {
        let service = services.first { $0.name == series.api }
        let operation = series.route.flatMap { service?.routes[$0].operation }
        return [("api", service?.name ?? "none"), ("operation", operation ?? "none")]
    }

    private static func histogram(
        _ counted: [Metrics.Counted],
        _ labels: [(name: String, value: String)]
    ) -> [MetricFamily.Sample] {
        var samples: [MetricFamily.Sample] = []
        var sum: UInt64 = 0
        for (place, bound) in (Metrics.bounds.map { Double($0) / 1e9 } + [.infinity]).enumerated() {
            sum += counted.reduce(0) { $0 + $1.durations[place] }
            let bound = ("le", MetricFamily.text(bound))
            samples.append(.init(suffix: "_bucket", labels: labels + [bound], value: Double(sum)))
        }
        let nanoseconds = counted.reduce(0) { $0 + Double($1.nanoseconds) }
        samples.append(.init(suffix: "_sum", labels: labels, value: nanoseconds / 1e9))
        samples.append(.init(suffix: "_count", labels: labels, value: Double(sum)))
        return samples
    }
}

extension Metrics.Series {
    fileprivate func isOfSameOperation(as other: Self) -> Bool { api == other.api && route == other.route }
}

/// Samples of one metric (Prometheus text format, version 0.0.4).
struct MetricFamily {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    struct Sample {
        /// What follows the metric's name.
        var suffix = ""
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    var name: String
    var kind: Kind
    var help: String
    var samples: [Sample] = []

    /// A metric of one sample.
    static func one(_ name: String, _ kind: Kind, _ help: String, _ value: Double) -> Self {
        Self(name: name, kind: kind, help: help, samples: [Sample(value: value)])
    }

    /// The lines of the metric.
    var text: String {
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        let head = "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        return samples.reduce(into: head) { text, sample in
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
            text += name + sample.suffix + (labels.isEmpty ? "" : "{\(labels)}") + " \(Self.text(sample.value))\n"
        }
    }

    static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    static func text(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }
}
