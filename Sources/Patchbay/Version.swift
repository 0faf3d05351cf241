/// What this is, for answers and command lines.
public enum Patchbay {
    /// The version (CHANGELOG.md).
    public static let version = "0.1.0"
}
