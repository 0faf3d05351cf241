internal import PatchbayHTTP
public import PatchbayJSON

extension Call {
    /// The media type of the body in lower case, without parameters; `nil` when the request names none.
    public var mediaType: String? {
        guard let field = request.headers["Content-Type"] else { return nil }
        let type = field.prefix { $0 != ";" }.lowercased()
        let named = type[...].trimmed
        return named.isEmpty ? nil : named
    }

    /// The body as JSON.
    ///
    /// - Throws: the API's error for a body that is none.
    public func json() throws(A.Failure) -> JSON {
        do throws(JSON.ParseError) {
            return try JSON(parsing: request.body)
        } catch {
            throw A.Failure(.malformedBody(reason: error.reason, line: error.line, column: error.column))
        }
    }

    /// A number that no other new resource of this run has, rising from one to the next.
    public func nextNumber() -> UInt64 { world.identifiers.nextNumber() }

    /// Bits for the identifier of a new resource: the same in equal runs at equal times, and others at every other time.
    public func freshIdentifier() -> Identifier { world.freshIdentifier(at: now) }

    /// A fresh identifier that is not taken: after a restart at the same time, others may have had the same ones.
    ///
    /// - Parameters:
    ///   - text: how it is written.
    ///   - isTaken: whether something has it.
    /// - Returns: the first that nothing has.
    /// - Throws: what `isTaken` throws.
    public func freeIdentifier(
        _ text: (Identifier) -> String = { $0.uuid },
        isTaken: (String) throws -> Bool,
    ) rethrows -> String {
        var identifier = text(freshIdentifier())
        while try isTaken(identifier) { identifier = text(freshIdentifier()) }
        return identifier
    }
}
