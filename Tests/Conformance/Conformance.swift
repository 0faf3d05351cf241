import Foundation

/// Prints `docs/conformance.md`, for `make docs`.
@main
struct Conformance {
    static func main() throws {
        print(try Page(root: URL(filePath: FileManager.default.currentDirectoryPath)).text, terminator: "")
    }
}
