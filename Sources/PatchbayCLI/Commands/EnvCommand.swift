import ArgumentParser
import Patchbay
import PatchbayAPIKit
import PatchbayJSON

/// Prints the variables by which the vendors' clients find a server.
struct EnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print the variables by which clients find a server.",
        discussion: """
            For a shell: eval "$(patchbay env)". It also unsets variables that would lead clients elsewhere, such as \
            OS_CLOUD; they are null in JSON, and a file of variables cannot name them.
            """,
    )

    /// How they are written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// As commands of a shell.
        case sh
        /// As lines of a file of variables, as Docker and GitHub Actions read them.
        case dotenv
        /// As an object.
        case json
    }

    @OptionGroup var server: ServerAddress

    @Option(help: "How they are written: sh, dotenv or json.")
    var format = Format.sh

    func run() throws {
        let url = EmulatorServer.url(of: try server.resolved(in: processEnvironment()))
        let variables = try ClientEnvironment.variables(at: url)
        let set = variables.compactMap { variable in variable.value.map { (name: variable.name, value: $0) } }
        let unset = variables.filter { $0.value == nil }.map(\.name)
        switch format {
        // No value has a quotation mark.
        case .sh:
            print(set.map { "export \($0.name)='\($0.value)'" }.joined(separator: "\n"))
            print("unset \(unset.joined(separator: " "))")
        case .dotenv: print(set.map { "\($0.name)=\($0.value)" }.joined(separator: "\n"))
        case .json:
            print(JSON.object(JSON.Object(variables.map { ($0.name, $0.value.map(JSON.string) ?? .null) })).text)
        }
    }
}

/// What clients read of their environment.
enum ClientEnvironment {
    /// The variables for a server at an address; `nil` for those that lead clients elsewhere.
    static func variables(at url: String) throws -> [(name: String, value: String?)] {
        let vendors = try Catalogue.services().flatMap(\.clientVariables)
        return [("PATCHBAY_URL", url)] + vendors.map { ($0.name, $0.value?.replacing("{url}", with: url)) }
    }

    /// An environment in which clients find a server, this program among them, and go to it without a proxy.
    static func environment(
        _ environment: [String: String],
        at server: (host: String, port: UInt16),
    ) throws -> [String: String] {
        var environment = environment
        for (name, value) in try variables(at: EmulatorServer.url(of: server)) { environment[name] = value }
        environment["PATCHBAY_HOST"] = server.host
        environment["PATCHBAY_PORT"] = "\(server.port)"
        for name in ["no_proxy", "NO_PROXY"] {
            let others = environment[name].map { $0.isEmpty ? [] : [$0] } ?? []
            environment[name] = (others + [server.host]).joined(separator: ",")
        }
        return environment
    }
}
