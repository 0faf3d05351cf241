import ArgumentParser
import Patchbay
import PatchbayAPIKit

/// The flags of `serve`.
///
/// Each has a twin in the environment, `PATCHBAY_…`.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on: an IP address or localhost. (default: 127.0.0.1)"))
    var host: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Port to listen on; 0 takes a free one. PORT is read as well. (default: 4747)")
    )
    var port: String?

    @Option(
        name: .customLong("seed"),
        help: ArgumentHelp("Directory of seeds, in place of the bundled ones; may be repeated.", valueName: "dir"),
    )
    var seeds: [String] = []

    @Option(
        help: ArgumentHelp(
            "File of a snapshot to begin with, in place of seeds: what /_patchbay/snapshots/NAME/content answers.",
            valueName: "file",
        )
    )
    var snapshot: String?

    @Option(help: ArgumentHelp("Where the data is kept: :memory: or a file. (default: :memory:)"))
    var store: String?

    @Option(help: ArgumentHelp("What is asked of credentials: off, present or known. (default: present)"))
    var auth: String?

    @Option(
        name: .customLong("quirk"),
        help: ArgumentHelp(
            "Another reading of a vendor's documents, from `patchbay quirks`; may be repeated. PATCHBAY_QUIRKS is a "
                + "list with commas.",
            valueName: "name=reading",
        ),
    )
    var quirks: [String] = []

    @Option(
        help: ArgumentHelp(
            "How fast resources come into the states that wait for nobody: immediate, realistic or manual. "
                + "(default: immediate)"
        )
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
            "Make a tenant that nobody knows when it is first asked for, as a copy of the API's first one. "
                + "PATCHBAY_OPEN_TENANTS is true or false."
        )
    )
    var openTenants = false

    @Flag(
        help: ArgumentHelp(
            "Refuse requests that do not keep to their contract with 501, and end with exit code 5 if there were any."
        )
    )
    var strict = false

    @Option(parsing: .unconditional, help: ArgumentHelp("Event loops. (default: one for each core)"))
    var loops: String?

    @Option(
        help: ArgumentHelp(
            "Least severe log level: trace, debug, info, notice, warning, error, critical. (default: info)"
        )
    )
    var logLevel: String?

    @Option(help: ArgumentHelp("Log format: text or json. (default: text)"))
    var logFormat: String?

    @Option(help: ArgumentHelp("Address that links begin with. (default: that of the request)", valueName: "url"))
    var publicURL: String?

    @Option(
        help: ArgumentHelp(
            "What calls of the control plane have to bring: Authorization: Bearer TOKEN. Other programs see flags, but not "
                + "PATCHBAY_ADMIN_TOKEN. (default: nothing)",
            valueName: "token",
        )
    )
    var adminToken: String?

    @Option(help: ArgumentHelp("File to write the address to when ready; removed at the end.", valueName: "file"))
    var readyFile: String?
}
