import Foundation
import PatchbayAPIKit
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// The committed seeds, and those that are written.
@Suite struct SeedTests {
    private func temporaryFolder() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")
    }

    @Test func `The committed generated seeds and schemas are what the writer writes`() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for service in try Catalogue.services() {
            let path = try SampleWriter.write(service, rows: 257, into: folder.path)
            #expect(path == folder.path + "/\(service.name)/\(service.name)-generated.json")
            for name in ["\(service.name)-generated.json", "\(service.name).schema.json"] {
                let file = "\(service.name)/\(name)"
                let written = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                // Compared first: a difference of files of this size is nothing to print.
                let isSame = try written == text(of: "seed-data/\(file)")
                #expect(isSame, "\(file) differs from what `patchbay seed generate --rows 257` writes")
            }
        }
    }

    @Test func `The bundled seeds are the files of seed-data`() throws {
        let services = try Catalogue.services()
        let bundled = try Seeds.bundled.files(for: services)
        let directory = try Seeds.directories([packageRoot.appending(path: "seed-data").path]).files(for: services)
        #expect(bundled.count == directory.count)
        #expect(Set(bundled.map(\.content.copy)) == Set(directory.map(\.content.copy)))
        #expect(bundled.allSatisfy { !$0.collections.isEmpty && $0.name.hasPrefix("bundled ") })
    }

    @Test func `The image that is carried beside the bundled seeds holds what loading them makes`() throws {
        let collections = try Catalogue.services().flatMap(\.collections)
        let (loaded, begun) = (try Store(collections), try Store(collections))
        let rows = try loaded.load(Seeds.bundled.files(for: Catalogue.services()))
        let found = try Seeds.withImage(begun.load(image:))
        #expect(found == rows, "`make seeds` makes it of the tables that there are now")
        let contents = try [loaded, begun].map { store in
            try store.save("all", of: nil, version: "", at: Timestamp(seconds: 0)).snapshot.content()
        }
        #expect(contents[0].count > 100_000)
        // Compared first: bytes of this size are nothing to print.
        let isSame = contents[0] == contents[1]
        #expect(isSame, "`make seeds` makes it of the seeds that there are now")
    }

    @Test(arguments: [0, 1, 2, 40])
    func `Written seeds can be loaded, with the rows that were asked for`(rows: Int) throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for service in try Catalogue.services() { _ = try SampleWriter.write(service, rows: rows, into: folder.path) }
        let emulator = try Emulator()
        try emulator.load(.directories([folder.path]))
        // The identity service has accounts and no lists of its own.
        for service in emulator.world.services where service.name != "identity" {
            let counts = try service.tenants(emulator.world.store).map(\.rows)
            #expect(counts.contains(Int64(rows)), "\(service.name)")
            #expect(counts.allSatisfy { $0 == Int64(rows) || $0 == 0 }, "\(service.name)")
        }
    }

    /// A folder with files.
    private func folder(of files: [String: String]) throws -> Folder {
        let folder = try Folder()
        for (name, content) in files {
            let url = URL(filePath: folder.path).appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(content.utf8).write(to: url)
        }
        return folder
    }

    @Test func `A seed file beside the folders of APIs is an error`() throws {
        let folder = try folder(of: ["cloudflare/a.json": #"{"accounts":[{"id":"a"}]}"#, "cloudflare.json": "{}"])
        let error = #expect(throws: SeedError.self) { try Emulator(seeds: .directories([folder.path])) }
        #expect(error?.description.contains("cloudflare.json: is in no folder of an API") == true)
        let deep = #expect(throws: SeedError.self) {
            try Emulator(seeds: .directories([folder.path + "/cloudflare/"]))
        }
        #expect(deep?.description.contains("cloudflare/: is the folder of an API") == true)
    }

    @Test func `A project may stand in the folder of every API that has it`() throws {
        let project = #""project_id":"11111111111111111111111111111111","domain_id":"22222222222222222222222222222222""#
        let plain = #"{"projects":[{\#(project)}]}"#
        let files = ["apig/a.json": plain, "identity/a.json": plain, "vpcep/a.json": plain]
        let folder = try folder(of: files)
        let emulator = try Emulator()
        #expect(try emulator.load(.directories([folder.path])) == 1)
        let other = plain.replacing("2222", with: "3333")
        let differing = try self.folder(of: files.merging(["identity/a.json": other]) { $1 })
        let error = #expect(throws: SeedError.self) { try Emulator(seeds: .directories([differing.path])) }
        #expect(error?.description.contains("identity/a.json: /projects/0/project_id") == true)
    }

    @Test func `Folders are read in order, and other files left alone`() throws {
        let files = [
            "cloudflare/b.json": #"{"accounts":[{"id":"b"}]}"#, "cloudflare/a.json": #"{"accounts":[{"id":"a"}]}"#,
            "cloudflare/x.schema.json": "no JSON", "cloudflare/notes.txt": "no JSON",
            "cloudflare/.hidden.json": "no JSON",
            "pictures/one.png": "no JSON", ".git/config.json": "no JSON", "README.md": "no JSON",
            "patchbay.schema.json": "no JSON", "pictures.json/one.png": "no JSON",
        ]
        let folder = try folder(of: files)
        let services = try Catalogue.services()
        let found = try Seeds.directories([folder.path]).files(for: services)
        #expect(found.map(\.name) == ["a", "b"].map { "\(folder.path)/cloudflare/\($0).json" })
        let other = URL(filePath: folder.path).appending(path: "atals/a.json")
        try FileManager.default.createDirectory(
            at: other.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data("{}".utf8).write(to: other)
        let error = #expect(throws: SeedError.self) { try Seeds.directories([folder.path]).files(for: services) }
        #expect(error?.findings.first?.place == "/atals")
        #expect(error?.findings.first?.reason.hasPrefix("is no API") == true)
    }
}
