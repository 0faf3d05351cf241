import ArgumentParser
import Patchbay
import PatchbayAPIKit
import PatchbayJSON

/// Prints the variables by which the vendors' clients find a server.
struct EnvCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print the variables by which clients find a server.",
        discussion: "For a shell: eval \"$(patchbay env)\".",
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
        let (host, port) = try server.resolved(in: processEnvironment())
        let url = "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
        let variables = try ClientEnvironment.variables(at: url)
        switch format {
        // No value has a quotation mark.
        case .sh: print(variables.map { "export \($0.name)='\($0.value)'" }.joined(separator: "\n"))
        case .dotenv: print(variables.map { "\($0.name)=\($0.value)" }.joined(separator: "\n"))
        case .json: print(JSON.object(JSON.Object(variables.map { ($0.name, .string($0.value)) })).text)
        }
    }
}

/// What clients read of their environment.
enum ClientEnvironment {
    /// The variables for a server at an address.
    static func variables(at url: String) throws -> [(name: String, value: String)] {
        let vendors = try Catalogue.services().flatMap(\.clientVariables)
        return [("PATCHBAY_URL", url)] + vendors.map { ($0.name, $0.value.replacing("{url}", with: url)) }
    }
}
