import Foundation
import PatchbayAPIKit
import Testing

@testable import Patchbay

/// The arrows of the design: who may import whom, and that the lists of the APIs agree.
@Suite struct ImportTests {
    static let apis = ((try? names(in: "Sources")) ?? []).filter { $0.hasSuffix("API") }

    private static let kit: Set = ["APIKit", "HTTP", "Store", "JSON", "Crypto"]
    private static let libc: Set = ["Glibc", "Musl", "Darwin"]
    private static let products: Set = ["Patchbay", "PatchbayTesting", "PatchbayCLI"]
    private static let standard: Set = ["Synchronization"]

    /// What a target below the command line may import.
    static func allowed(_ target: String) -> Set<String>? {
        switch target {
        case "JSON", "HTTP": []
        case "Server": ["HTTP", "CSystem"]
        case "Store": ["JSON", "CSQLite", "CSystem"]
        case "APIKit": libc.union(["HTTP", "Store", "JSON", "Crypto"])
        case "OTCKit": kit
        case "VPCEPAPI", "APIGAPI", "IdentityAPI": kit.union(["OTCKit"])
        case let api where api.hasSuffix("API"): kit
        case "Patchbay":
            kit.union(libc).union(apis).union(["OTCKit", "Server", "SeedData", "Foundation", "FoundationEssentials"])
        case "PatchbayTesting": ["Patchbay", "JSON", "Testing"]
        default: nil
        }
    }

    /// Every import line: target, file, module.
    static let imports: [(target: String, file: String, module: String)] = {
        let sources = packageRoot.appending(path: "Sources")
        let files = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        var imports: [(target: String, file: String, module: String)] = []
        for file in files.sorted() where file.hasSuffix(".swift") {
            for line in ((try? text(of: "Sources/\(file)")) ?? "").split(separator: "\n") {
                guard let module = module(importedBy: line) else { continue }
                imports.append((String(file.prefix { $0 != "/" }), file, module))
            }
        }
        return imports
    }()

    private static func module(importedBy line: Substring) -> String? {
        let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
        let levels: [Substring] = ["public", "package", "internal", "private", "fileprivate"]
        guard words.drop(while: levels.contains).first == "import" else { return nil }
        // `import struct Module.Type` names the module in the last word.
        let module = words.last?.split(separator: ".").first.map(String.init)
        // Those in folders of `Sources` are called as the folder is, behind a word that keeps them from being taken for others.
        return module.map { products.contains($0) || !$0.hasPrefix("Patchbay") ? $0 : String($0.dropFirst(8)) }
    }

    @Test func `Imports point one way`() {
        #expect(Self.imports.count > 100)
        for (target, file, module) in Self.imports where target != "PatchbayCLI" {
            let allowed = Self.allowed(target)
            #expect(allowed != nil, "\(target) is no target of the design")
            #expect(allowed?.union(Self.standard).contains(module) == true, "\(file) imports \(module)")
        }
    }

    @Test func `Foundation stands at the edge only`() {
        for (target, file, module) in Self.imports where module.hasPrefix("Foundation") {
            #expect(["Patchbay", "PatchbayCLI"].contains(target), "\(file) imports \(module)")
        }
    }

    @Test func `The lists of the APIs are the same everywhere`() throws {
        let manifest = try text(of: "Package.swift")
        let line = try #require(manifest.split(separator: "\n").first { $0.hasPrefix("let apis = [") })
        let declared = line.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        #expect(declared.count >= 5)
        #expect(declared.map { $0 + "API" }.sorted() == Self.apis)
        #expect(try names(in: "Tests").filter { $0.hasSuffix("APITests") } == declared.map { $0 + "APITests" }.sorted())
        let folders = try names(in: "seed-data").filter { !$0.contains(".") && $0 != "include" }
        #expect(folders == declared.map { $0.lowercased() }.sorted())
        let catalogue = try Catalogue.services().map(\.name)
        #expect(catalogue.sorted() == folders)
    }

    @Test func `Every target has tests, and every file of tests an expectation`() throws {
        let targets = Set(Self.imports.map(\.target))
        let tests = try names(in: "Tests").filter { $0.hasSuffix("Tests") }
        for target in targets where target != "OTCKit" { #expect(tests.contains(target + "Tests"), "\(target)") }
        for folder in tests {
            for file in try names(in: "Tests/\(folder)") where file.hasSuffix("Tests.swift") {
                let text = try text(of: "Tests/\(folder)/\(file)")
                #expect(text.contains("#expect") || text.contains("#require"), "\(folder)/\(file)")
            }
        }
    }
}
