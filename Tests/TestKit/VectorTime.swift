internal import PatchbayAPIKit
internal import PatchbayStore
internal import Synchronization

/// The time of a vector's emulator.
final class VectorTime: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ text: String) throws(FormatError) {
        moment = Mutex(try Self.moment(text))
    }

    var clock: Clock { Clock { self.moment.withLock { $0 } } }

    func set(_ text: String) throws(FormatError) {
        let moment = try Self.moment(text)
        self.moment.withLock { $0 = moment }
    }

    private static func moment(_ text: String) throws(FormatError) -> Timestamp {
        guard let moment = Timestamp(text) else { throw FormatError("\"\(text)\" is no time") }
        return moment
    }
}
