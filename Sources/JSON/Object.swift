extension JSON {
    /// The members of an object, in the order written.
    ///
    /// A plain array searched from the front: up to about twenty members, which is what API bodies have, that beats
    /// a hash table. RFC 8259 section 4 only asks for names to be unique, so text with a name twice parses, keeps
    /// both members, and the first one answers.
    public struct Object: Sendable {
        // Visible to inlining: without it, every loop over an object in another module goes through witness tables.
        @usableFromInline var members: [(name: String, value: JSON)]
    }
}

extension JSON.Object {
    /// Makes an object without members.
    public init() {
        members = []
    }

    /// Makes an object of these members as they are, repeated names included.
    @inlinable
    public init(_ pairs: some Sequence<(String, JSON)>) {
        members = pairs.map { (name: $0.0, value: $0.1) }
    }

    /// Makes an object of members taken from another one, as they are.
    @inlinable
    public init(members: some Sequence<Element>) {
        self.members = Array(members)
    }

    /// The value of the first member of that name.
    ///
    /// Setting a value replaces that member in place, or appends one if there is none; setting nil removes it.
    /// Either way later members of the same name go, so that every reader of the result sees the same value.
    public subscript(name: String) -> JSON? {
        get {
            for member in members where member.name.hasSameBytes(as: name) {
                return member.value
            }
            return nil
        }
        set {
            guard let index = members.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else {
                if let newValue { members.append((name: name, value: newValue)) }
                return
            }
            var firstDuplicate = index
            if let newValue {
                members[index].value = newValue
                firstDuplicate += 1
            }
            guard let duplicate = members[firstDuplicate...].firstIndex(where: { $0.name.hasSameBytes(as: name) })
            else { return }
            let rest = members[duplicate...].filter { !$0.name.hasSameBytes(as: name) }
            members.replaceSubrange(duplicate..., with: rest)
        }
    }

    /// The names in order, repeated ones included.
    public var keys: [String] { members.map(\.name) }

    /// The names that occur more than once, each listed once, ordered bytewise.
    public var duplicateNames: [String] {
        var duplicates: [String] = []
        let sorted = sortedMembers { $0.value }
        for (member, next) in zip(sorted, sorted.dropFirst()) where member.name.hasSameBytes(as: next.name) {
            if duplicates.last?.hasSameBytes(as: member.name) != true { duplicates.append(member.name) }
        }
        return duplicates
    }

    func sortedByName() -> JSON.Object {
        JSON.Object(members: sortedMembers { $0.value.sortedByName() })
    }

    private func sortedMembers(value: (Element) -> JSON) -> [(name: String, value: JSON)] {
        members
            .map { (name: $0.name, value: value($0)) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

extension JSON.Object: RandomAccessCollection {
    /// One member.
    public typealias Element = (name: String, value: JSON)

    /// The position of the first member.
    @inlinable public var startIndex: Int { 0 }

    /// The position after the last member.
    @inlinable public var endIndex: Int { members.count }

    /// The member at that position.
    @inlinable public subscript(position: Int) -> Element { members[position] }
}

extension JSON.Object: Hashable {
    /// Whether both have the same members in the same order.
    public static func == (left: Self, right: Self) -> Bool {
        left.members.elementsEqual(right.members) { $0.name.hasSameBytes(as: $1.name) && $0.value == $1.value }
    }

    /// Hashes the members in order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for member in members {
            hasher.combine(member.name)
            hasher.combine(member.value)
        }
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    /// Makes an object whose members keep the order of the literal.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements)
    }
}

extension JSON.Object: CustomStringConvertible {
    /// The compact text, for messages.
    public var description: String { JSON.object(self).text }
}
