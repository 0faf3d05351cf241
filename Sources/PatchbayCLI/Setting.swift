/// A flag's value, or that of the environment variable that stands in for it.
struct Setting {
    /// The text as given.
    let text: String
    /// Where it was given, for errors: `--port`, `PATCHBAY_PORT`.
    let source: String

    /// Finds a setting: flag before own variable before the variables of others; an empty variable is none.
    ///
    /// - Parameters:
    ///   - flag: the flag's name without dashes.
    ///   - value: the flag's value, if it was given.
    ///   - environment: the process's variables.
    ///   - others: variables that other programs know as well.
    init?(_ flag: String, _ value: String?, in environment: [String: String], or others: [String] = []) {
        if let value {
            text = value
            source = "--\(flag)"
            return
        }
        let own = "PATCHBAY_" + flag.uppercased().replacing("-", with: "_")
        let given = ([own] + others).lazy.compactMap { name in environment[name].map { (name, $0) } }
        guard let (name, text) = given.first(where: { !$1.isEmpty && !Self.isOfAnother($1) }) else { return nil }
        self.text = text
        source = name
    }

    /// Whether a variable tells where a service is that has this program's name: Kubernetes and Docker give those to containers.
    private static func isOfAnother(_ value: String) -> Bool { value.hasPrefix("tcp://") }

    /// Reads the value.
    ///
    /// - Parameters:
    ///   - expectation: what it has to be, for the error.
    ///   - isSecret: whether the error may not repeat it.
    ///   - read: makes something of the text; `nil` when it means nothing.
    /// - Returns: what was made of it.
    /// - Throws: `UsageError` that names the flag or variable.
    func read<Value>(
        expecting expectation: String,
        isSecret: Bool = false,
        _ read: (String) -> Value?
    ) throws(UsageError) -> Value {
        guard let value = read(text) else {
            throw UsageError(
                description: "\(source): \(isSecret ? "what was given" : "\"\(text)\"") is not \(expectation)"
            )
        }
        return value
    }

    /// The name of a file or folder, if it is one.
    ///
    /// Bytes that are no UTF-8 have come as U+FFFD: what is made or read of that name would be another file.
    static func path(_ text: String) -> String? {
        text.isEmpty || text.unicodeScalars.contains("\u{FFFD}") ? nil : text
    }
}

/// A flag or variable with a value that means nothing.
struct UsageError: Error, CustomStringConvertible {
    var description: String
}
