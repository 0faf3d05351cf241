extension JSON {
    /// Appends the text for people, laid out as Jackson's `DefaultPrettyPrinter` does, which is what the Java
    /// services we stand in for send: two spaces per object, arrays inline, no newline at the end.
    public func writePretty(into output: inout [UInt8]) {
        writePretty(into: &output, level: 0)
    }

    private func writePretty(into output: inout [UInt8], level: Int) {
        switch self {
        case .null, .bool, .number, .string: write(into: &output)
        case .array(let elements): Self.writePretty(elements, into: &output, level: level)
        case .object(let object): Self.writePretty(object, into: &output, level: level)
        }
    }

    private static func writePretty(_ elements: [JSON], into output: inout [UInt8], level: Int) {
        output.append(UInt8(ascii: "["))
        var separator = " "
        for element in elements {
            output.append(contentsOf: separator.utf8)
            element.writePretty(into: &output, level: level)
            separator = ", "
        }
        output.append(contentsOf: " ]".utf8)
    }

    private static func writePretty(_ object: Object, into output: inout [UInt8], level: Int) {
        guard !object.isEmpty else { return output.append(contentsOf: "{ }".utf8) }
        output.append(UInt8(ascii: "{"))
        var separator = "\n"
        for (name, value) in object {
            output.append(contentsOf: separator.utf8)
            indent(level + 1, into: &output)
            writeString(name, into: &output)
            output.append(contentsOf: " : ".utf8)
            value.writePretty(into: &output, level: level + 1)
            separator = ",\n"
        }
        output.append(UInt8(ascii: "\n"))
        indent(level, into: &output)
        output.append(UInt8(ascii: "}"))
    }

    private static func indent(_ level: Int, into output: inout [UInt8]) {
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }
}
