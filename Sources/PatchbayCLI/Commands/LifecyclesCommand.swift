import ArgumentParser
import Patchbay
import PatchbayAPIKit
import PatchbayStore

/// Lists what can happen to resources, by themselves or when a test says so.
struct LifecyclesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifecycles",
        abstract: "List the states that resources go through, and how long that takes.",
    )

    @Flag(help: "Write the page docs/lifecycles.md.")
    var markdown = false

    func run() throws {
        let services = try Catalogue.services().filter { $0.collections.contains { !$0.lifecycles.isEmpty } }
        print(markdown ? Self.page(services) : Self.text(services))
    }

    private static func text(_ services: [Service]) -> String {
        var lines: [String] = []
        for service in services {
            for life in lives(of: service) {
                lines += [service.name + " " + life.title] + life.steps.map { "  " + $0.joined(separator: "  ") } + [""]
            }
        }
        return lines.dropLast().joined(separator: "\n")
    }

    private static func page(_ services: [Service]) -> String {
        var lines = [introduction]
        for service in services {
            lines += ["", "## \(service.title)"]
            for life in lives(of: service) {
                lines += ["", "### \(life.title)", "", "| event | from | to | when |", "|---|---|---|---|"]
                lines += life.steps.map { "| " + $0.joined(separator: " | ") + " |" }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// A lifecycle's name, and the cells of its steps.
    private typealias Life = (title: String, steps: [[String]])

    private static func lives(of service: Service) -> [Life] {
        service.collections.flatMap { collection in
            collection.lifecycles.map { lifecycle -> Life in
                let variant = lifecycle.variant.map { " (\($0))" } ?? ""
                return ("`\(collection.name)`\(variant): `\(lifecycle.state)`", lifecycle.steps.map(cells))
            }
        }
    }

    private static func cells(_ step: Lifecycle.Step) -> [String] {
        let from = step.from.map { "`\($0)`" }.joined(separator: ", ")
        let to = step.to.map { "`\($0)`" } ?? "gone"
        let when = step.delay.map { "after \($0) s" + (step.isDeadline ? ", a deadline" : "") }
        return ["`\(step.event)`", from, to, when ?? "when a test says so"]
    }

    private static let introduction = """
        # Lifecycles

        Which states resources go through, and what brings them there. Written by `make docs` (`patchbay lifecycles --markdown`); the running
        program has the same at `GET /_patchbay/lifecycles`.

        A step with a time comes by itself. How soon, says `patchbay serve --lifecycle`:

        - `immediate` (default): before the next request. The answer to a write still shows the state that the vendor's would, a poller's first look finds
          the outcome.
        - `realistic`: after the time in the table, by the clock of the tenant.
        - `manual`: when a test says so.

        A deadline (nobody did in time what was to be done) comes at its time with `immediate`, too.

        A step without a time is the deed of somebody that no API here is: the owner of the other network who accepts a peering. A test does it, and
        with `manual` every other step, too, with

            curl --json '{"api": "atlas", "collection": "peers", "path": ["GROUP", "PEER"], "event": "accept"}' \\
                http://127.0.0.1:4747/_patchbay/transitions

        `path` holds the keys from the tenant down; without `event` it is the step that would come next by itself. The clock stands still, jumps or
        runs ahead with

            curl -X PUT --json '{"frozen": true}' 'http://127.0.0.1:4747/_patchbay/clock?api=atlas&tenant=GROUP'
            curl --json '{"seconds": 3600}' 'http://127.0.0.1:4747/_patchbay/clock/advance?api=atlas&tenant=GROUP'

        for one tenant, or for all without the query. Seeded rows stay in their state until something is done to them.
        """
}
