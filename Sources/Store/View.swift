public import PatchbayJSON

extension Collection {
    /// A way of showing a row: the bytes of its JSON, written once, when the row is written.
    public struct View: Sendable {
        /// The view's name: part of a column's name.
        public var name: String
        private let template: @Sendable (_ path: [String]) -> Template

        /// The quoted column that holds the bytes.
        var column: String { "\"view \(name)\"" }

        /// Declares a view by what all rows below others have in common.
        ///
        /// - Parameters:
        ///   - name: the view's name.
        ///   - template: what is shown, given the keys of the rows above, the root's first.
        public init(_ name: String, template: @escaping @Sendable (_ path: [String]) -> Template) {
            self.name = name
            self.template = template
        }

        /// Declares a view by what is made of each row.
        ///
        /// - Parameters:
        ///   - name: the view's name.
        ///   - value: what is shown of a document, given the keys of the rows above it, the root's first.
        public init(_ name: String, of value: @escaping @Sendable (JSON.Object, _ path: [String]) -> JSON) {
            self.init(name) { path in .made { value($0, path) } }
        }
    }

    /// What a view shows: a JSON value in which some values are a row's own.
    public indirect enum Template: Sendable {
        /// The same for all rows.
        case same(JSON)
        /// What a document has at a path, `null` where it has nothing.
        case member(String)
        /// What is made of a document.
        case made(@Sendable (JSON.Object) -> JSON)
        /// An object of such values.
        case object([(name: String, value: Template)])
    }
}

extension Collection.Template: ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
    /// Makes a text that is the same for all rows.
    public init(stringLiteral value: String) {
        self = .same(.string(value))
    }

    /// Makes an object whose members keep the order of the literal.
    public init(dictionaryLiteral elements: (String, Self)...) {
        self = .object(elements.map { (name: $0.0, value: $0.1) })
    }
}

extension Collection.View {
    /// What shows rows that stand below the same ones.
    func stencil(below path: [String]) -> Stencil { Stencil(template(path)) }

    /// A document's bytes, given the keys of the rows above it, the root's first.
    package func shown(_ document: JSON.Object, below path: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        stencil(below: path).write(document, into: &bytes)
        return bytes
    }

    /// A template as what is the same for all rows, in bytes, and what stands in between.
    struct Stencil: Sendable {
        private var holes: [(before: [UInt8], value: Value)] = []
        private var rest: [UInt8] = []

        private enum Value {
            case member([String])
            case made(@Sendable (JSON.Object) -> JSON)
        }

        fileprivate init(_ template: Collection.Template) {
            add(template)
        }

        private mutating func add(_ template: Collection.Template) {
            switch template {
            case .same(let value): value.write(into: &rest)
            case .member(let path): leave(.member(path.split(separator: ".").map(String.init)))
            case .made(let value): leave(.made(value))
            case .object(let members):
                var separator = "{"
                for (name, value) in members {
                    rest += separator.utf8
                    JSON.writeString(name, into: &rest)
                    rest += ":".utf8
                    add(value)
                    separator = ","
                }
                rest += (members.isEmpty ? "{}" : "}").utf8
            }
        }

        private mutating func leave(_ value: Value) {
            holes.append((rest, value))
            rest = []
        }

        /// Appends a document's bytes.
        func write(_ document: JSON.Object, into bytes: inout [UInt8]) {
            let holes = holes.span
            for index in holes.indices {
                bytes += holes[index].before
                switch holes[index].value {
                case .member(let path): document.write(at: path.span, into: &bytes)
                case .made(let value): value(document).write(into: &bytes)
                }
            }
            bytes += rest
        }
    }
}

extension JSON.Object {
    /// Appends what there is at a path, or `null`.
    fileprivate func write(at path: Span<String>, into bytes: inout [UInt8]) {
        switch self[path[0]] {
        case .object(let object)? where path.count > 1:
            object.write(at: path.extracting(droppingFirst: 1), into: &bytes)
        case let value? where path.count == 1: value.write(into: &bytes)
        default: JSON.null.write(into: &bytes)
        }
    }
}
