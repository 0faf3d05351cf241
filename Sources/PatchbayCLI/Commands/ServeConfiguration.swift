import Logging
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayServer
import PatchbayStore

/// What `serve` was told, by flags and environment together.
struct ServeConfiguration {
    var server: ServerOptions
    var seeds: Seeds
    var snapshot: String?
    var storeFile: String?
    var authentication: AuthenticationMode
    var quirks: [String]
    var pace: Lifecycle.Pace
    var journal: Int
    var isStrict: Bool
    var opensTenants: Bool
    var publicURL: String?
    var adminToken: String?
    var readyFile: ReadyFile?
    var logLevel: Logger.Level
    var logFormat: LogFormat

    /// Whether loading what is served takes no time that anybody would notice.
    var isThereAtOnce: Bool {
        if case .bundled = seeds { snapshot == nil && storeFile == nil } else { false }
    }

    /// Reads flags and environment.
    ///
    /// - Throws: `UsageError` that names the flag or variable whose value means nothing.
    init(_ options: ServeOptions, environment: [String: String]) throws(UsageError) {
        let setting = { (flag: String, value: String?) in Setting(flag, value, in: environment) }
        let port = Setting("port", options.port, in: environment, or: ["PORT"])
        server = ServerOptions(
            host: try setting("host", options.host)?
                .read(expecting: "an IPv4 or IPv6 address, or localhost", Self.host) ?? "127.0.0.1",
            port: try port?.read(expecting: "a port from 0 to 65535", UInt16.init(_:)) ?? 4747,
            loops: try setting("loops", options.loops)?.read(expecting: "a number from 1 to 256", Self.loops)
                ?? ServerOptions.coreCount,
        )
        let seedVariable = setting("seed", nil)
        let seedSource = options.seeds.isEmpty ? seedVariable?.source ?? "" : "--seed"
        let directories =
            options.seeds.isEmpty ? seedVariable?.text.split(separator: ":").map(String.init) ?? [] : options.seeds
        if let bad = directories.first(where: { Setting.path($0) == nil }) {
            throw UsageError(description: "\(seedSource): \"\(bad)\" is not the name of a directory, in UTF-8")
        }
        seeds = directories.isEmpty ? .bundled : .directories(directories)
        let snapshotFile = setting("snapshot", options.snapshot)
        snapshot = try snapshotFile?.read(expecting: "the name of a file, in UTF-8", Setting.path)
        if let snapshotFile, !directories.isEmpty {
            throw UsageError(
                description: "\(snapshotFile.source): begins with a snapshot, and \(seedSource) with seeds"
            )
        }
        let store = try setting("store", options.store)?
            .read(expecting: ":memory: or the name of a file, in UTF-8", Setting.path)
        storeFile = store == ":memory:" ? nil : store
        authentication =
            try setting("auth", options.auth)?.read(
                expecting: "off, present or known",
                Self.authentication,
            ) ?? .present
        quirks = try Self.quirks(options.quirks, environment["PATCHBAY_QUIRKS"] ?? "")
        pace =
            try setting("lifecycle", options.lifecycle)?
            .read(expecting: "immediate, realistic or manual", Lifecycle.Pace.init(rawValue:)) ?? .immediate
        journal =
            try setting("journal", options.journal)?
            .read(expecting: "a number from 0 to 1000000", Self.journal) ?? 1_000
        isStrict =
            try setting("strict", options.strict ? "true" : nil)?.read(expecting: "true or false", Bool.init(_:))
            ?? false
        opensTenants =
            try setting("open-tenants", options.openTenants ? "true" : nil)?.read(expecting: "true or false", Bool.init)
            ?? false
        publicURL = try setting("public-url", options.publicURL)?
            .read(expecting: "an http or https address without path", Self.publicURL)
        adminToken = try setting("admin-token", options.adminToken)?
            .read(expecting: "a text of letters, digits and -._~+/=", isSecret: true, Self.token)
        readyFile = try setting("ready-file", options.readyFile).map { setting throws(UsageError) in
            try ReadyFile(setting)
        }
        try readyFile?.check(store: storeFile, snapshot: snapshot, seeds: directories)
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logLevel =
            try setting("log-level", options.logLevel)?
            .read(expecting: "one of \(levels)", Logger.Level.init(rawValue:)) ?? .info
        logFormat =
            try setting("log-format", options.logFormat)?
            .read(expecting: "text or json", LogFormat.init(rawValue:)) ?? .text
    }

    /// Readings as flags, or else as a list in the variable, checked so that a mistake stops the start.
    private static func quirks(_ flags: [String], _ variable: String) throws(UsageError) -> [String] {
        let named = variable.split(separator: ",").map(trimmed).filter { !$0.isEmpty }
        let (source, settings) = flags.isEmpty ? ("PATCHBAY_QUIRKS", named) : ("--quirk", flags)
        do {
            _ = try Readings(settings, among: Catalogue.quirks)
        } catch {
            throw UsageError(description: "\(source): \(error)")
        }
        return settings
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    static func host(_ text: String) -> String? {
        ServerOptions.isHost(text) ? text : nil
    }

    private static func loops(_ text: String) -> Int? {
        Int(text).flatMap { (1...256).contains($0) ? $0 : nil }
    }

    private static func journal(_ text: String) -> Int? {
        Int(text).flatMap { (0...1_000_000).contains($0) ? $0 : nil }
    }

    private static func authentication(_ text: String) -> AuthenticationMode? {
        AuthenticationMode(rawValue: text)
    }

    /// What can be sent as a bearer's token (RFC 6750, section 2.1).
    private static func token(_ text: String) -> String? {
        let isToken = text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789-._~+/=".unicodeScalars.contains($0))
        }
        return isToken && !text.isEmpty ? text : nil
    }

    /// Links are made by writing a path behind it.
    private static func publicURL(_ text: String) -> String? {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard
            let target = try? Target(parsing: trimmed + "/"), target.form == .absolute,
            target.path == "/", target.rawQuery == nil, target.authority?.hasPrefix(":") == false
        else { return nil }
        return trimmed
    }
}
