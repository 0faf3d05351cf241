import PatchbayCSystem

/// Runs one of the targets under libFuzzer: `fuzz TARGET [OPTION…] [CORPUS…]` (<https://llvm.org/docs/LibFuzzer.html>).
@main
enum Fuzz {
    /// What is done with the bytes of one run: it returns, or it has found something.
    typealias Target = @Sendable (_ input: [UInt8]) throws -> Void

    /// The targets by their names.
    private static let targets: [(name: String, prepare: @Sendable () throws -> Target)] = [
        ("request", request), ("target", target), ("json", json), ("seeds", seeds), ("query", query),
        ("page-token", pageToken), ("authorization", authorization), ("body", body),
    ]

    /// The one that was chosen: libFuzzer calls a function that knows nothing.
    private nonisolated(unsafe) static var chosen: Target = { _ in }

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let target = targets.first(where: { $0.name == arguments[1] }) else {
            print(targets.map(\.name).joined(separator: "\n"))
            return
        }
        chosen = try target.prepare()
        var rest = ([arguments[0]] + arguments[2...]).map { strdup($0) }
        var count = Int32(rest.count)
        let code = rest.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return withUnsafeMutablePointer(to: &start) { run(&count, $0, one) }
        }
        exit(code)
    }

    private static let one: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32 = { start, count in
        do {
            try chosen(Array(UnsafeBufferPointer(start: start, count: count)))
        } catch {
            fatalError("\(error)")
        }
        return 0
    }
}

/// libFuzzer itself, which the compiler links with `-sanitize=fuzzer`.
@_silgen_name("LLVMFuzzerRunDriver")
private func run(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32,
) -> Int32

/// What a target finds that is no crash by itself.
struct Found: Error, CustomStringConvertible {
    var description: String
}
