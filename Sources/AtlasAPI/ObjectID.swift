internal import PatchbayAPIKit
internal import PatchbayStore

/// Identifiers in the form of MongoDB's: 24 hexadecimal digits that begin with the second of creation.
enum ObjectID {
    /// The form, in lower case only.
    static let form = Member.TextForm.hexadecimal(24)

    /// An identifier as a path has it, in the case in which it is kept (contract section 8.22).
    static func read(_ written: String, _ quirks: Readings) -> String {
        quirks.take(Quirks.idCase, "any") ? written.lowercased() : written
    }

    /// An identifier for a new resource of a group, larger than those before it as long as the clock does not go back.
    ///
    /// - Parameters:
    ///   - call: whose tenant's time it is.
    ///   - group: the group's identifier, whose end stands where MongoDB names the machine.
    /// - Returns: the identifier.
    static func next(_ call: borrowing Call<AtlasAPI>, in group: String) -> String {
        let seconds = UInt32(clamping: call.now.seconds)
        return digits(UInt64(seconds), 8) + group.suffix(10) + digits(call.nextNumber() & 0xff_ffff, 6)
    }

    /// An identifier that stands for a text of the seeds: the same for the same text.
    static func standing(for text: String) -> String {
        let hexadecimal = text.utf8.prefix(12).map { digits(UInt64($0), 2) }.joined()
        return hexadecimal + String(repeating: "0", count: 24 - hexadecimal.utf8.count)
    }

    /// When a resource was made, by its identifier.
    static func creation(_ id: String) -> Timestamp { Timestamp(seconds: Int64(id.prefix(8), radix: 16) ?? 0) }

    private static func digits(_ number: UInt64, _ places: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, places - digits.count)) + digits
    }
}
