import ArgumentParser
import Logging
import Patchbay
import PatchbayAPIKit
import PatchbayStore

/// The flags of `serve`.
///
/// Each has a twin in the environment, `PATCHBAY_…`.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on: an IP address or localhost. (default: 127.0.0.1)"))
    var host: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Port to listen on; 0 takes a free one. PORT is read as well. (default: 4747; exec reads neither variable and "
                + "takes a free one)"
        )
    )
    var port: String?

    @Option(
        name: .customLong("seed"),
        help: ArgumentHelp("Directory of seeds, in place of the bundled ones; may be repeated.", valueName: "dir"),
        completion: .directory,
    )
    var seeds: [String] = []

    @Option(
        help: ArgumentHelp(
            "File of a snapshot to begin with, in place of seeds: what /_patchbay/snapshots/NAME/content answers.",
            valueName: "file",
        ),
        completion: .file(),
    )
    var snapshot: String?

    @Option(
        help: ArgumentHelp("Where the data is kept: :memory: or a file. (default: :memory:)", valueName: "file"),
        completion: .file(),
    )
    var store: String?

    @Option(
        help: ArgumentHelp(
            "What is asked of credentials: off (nothing), present (to be there and well-formed) or known (to be those of "
                + "the seeds). (default: present)",
            valueName: "mode",
        ),
        completion: .list(AuthenticationMode.allCases.map(\.rawValue)),
    )
    var auth: String?

    @Option(
        name: .customLong("quirk"),
        help: ArgumentHelp(
            "Another reading of a vendor's documents, from `patchbay quirks`; may be repeated. PATCHBAY_QUIRKS is a "
                + "list with commas.",
            valueName: "name=reading",
        ),
        completion: .shellCommand("patchbay quirks | sed -n 's/^  \\([^ ]*\\) .*/\\1/p'"),
    )
    var quirks: [String] = []

    @Option(
        help: ArgumentHelp(
            "When states change that wait for nobody else: immediate (before the next request), realistic (by the clock) "
                + "or manual (when a test says so). (default: immediate)",
            valueName: "pace",
        ),
        completion: .list(Lifecycle.Pace.allCases.map(\.rawValue)),
    )
    var lifecycle: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Requests that the journal keeps of each tenant, within 32 MB, and 256 MB for all tenants; 0 keeps none. "
                + "(default: 1000)",
            valueName: "count",
        )
    )
    var journal: String?

    @Flag(
        help: ArgumentHelp(
            "Make an unknown tenant when it is first asked for, as a copy of the API's first one. "
                + "PATCHBAY_OPEN_TENANTS is true or false."
        )
    )
    var openTenants = false

    @Flag(
        help: ArgumentHelp(
            "Answer requests that do not keep to the vendor's documents with 501, and end with exit code 5 if there were any."
        )
    )
    var strict = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of event loops, 1 to 256. (default: one for each core)", valueName: "count"),
    )
    var loops: String?

    @Option(
        help: ArgumentHelp(
            "Least severe level that is logged: trace, debug, info, notice, warning, error or critical. (default: info)",
            valueName: "level",
        ),
        completion: .list(Logger.Level.allCases.map(\.rawValue)),
    )
    var logLevel: String?

    @Option(
        help: ArgumentHelp("Format of the log, on standard error: text or json. (default: text)", valueName: "format"),
        completion: .list(["text", "json"]),
    )
    var logFormat: String?

    @Option(
        help: ArgumentHelp("Address that links in answers begin with. (default: that of the request)", valueName: "url")
    )
    var publicURL: String?

    @Option(
        help: ArgumentHelp(
            "Token that calls of the control plane have to bring, as Authorization: Bearer TOKEN. Others can see a flag "
                + "in the list of processes, but not PATCHBAY_ADMIN_TOKEN. (default: none is asked for)",
            valueName: "token",
        )
    )
    var adminToken: String?

    @Option(
        help: ArgumentHelp("File to write the address to when ready; removed at the end.", valueName: "file"),
        completion: .file(),
    )
    var readyFile: String?
}
