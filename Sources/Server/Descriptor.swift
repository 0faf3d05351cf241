import PatchbayCSystem

/// A file descriptor with one owner, closed when the owner lets go of it.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    /// Takes over an open descriptor.
    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}
