extension Emulator {
    /// The version of Patchbay, for answers and command lines (CHANGELOG.md).
    public static let version = "0.1.0"
}
