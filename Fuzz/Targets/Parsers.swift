import Patchbay
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore

extension Fuzz {
    /// The request parser: however the bytes are cut, and whatever is known of heads, it makes the same of them.
    static func request() -> Target {
        { input in
            let (whole, known) = (Outcome([input]), KnownHeads(places: 2))
            let cut = Int(input.first ?? 0) % 7 + 1
            let pieces = stride(from: 0, to: input.count, by: cut).map { Array(input[$0..<min($0 + cut, input.count)]) }
            for outcome in [Outcome(pieces), Outcome([input], known), Outcome([input], known), Outcome(pieces, known)]
            where outcome != whole {
                throw Found(description: "\(outcome) is not \(whole)")
            }
        }
    }

    /// Targets and their queries.
    static func target() -> Target {
        { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let target = try? PatchbayHTTP.Target(parsing: text) else { return }
            _ = target.segments.map { $0.bytes() } + target.query.map { $0.name.bytes(plusIsBlank: true) }
        }
    }

    /// JSON: what is read is written so that it is read as the same.
    static func json() -> Target {
        { input in
            guard let json = try? JSON(parsing: input) else { return }
            let again = try JSON(parsing: json.compact())
            guard again == json, again.compact() == json.compact() else { throw Found(description: json.text) }
        }
    }

    /// Seed files of every API.
    static func seeds() -> Target {
        { input in
            let services = try Catalogue.services()
            let service = services[Int(input.first ?? 0) % services.count]
            let file = SeedFile(
                name: "fuzz.json",
                collections: service.collections,
                content: Array(input.dropFirst())
            )
            try? Store.check([file])
        }
    }
}

/// What a parser makes of some bytes.
private struct Outcome: Equatable, CustomStringConvertible {
    private var requests: [String] = []
    private var error = ""

    var description: String { "\(requests) \(error)" }

    init(_ pieces: [[UInt8]], _ known: KnownHeads? = nil) {
        var parser = RequestParser(known: known)
        do throws(ParseError) {
            for piece in pieces {
                parser.append(piece)
                while let request = try parser.next() { requests.append(Self.summary(request)) }
            }
        } catch {
            self.error = error.description
        }
    }

    private static func summary(_ request: Request) -> String {
        let fields = request.headers.fields.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let target = request.target
        return "\(request.method) \(target.path)?\(target.rawQuery ?? "-") \(request.version) [\(fields)] "
            + "\(target.segments) \(target.query) \(request.keepAlive) \(request.body)"
    }
}
