/// One piece of a query between two "&".
public struct QueryItem: Sendable, Hashable {
    /// What stands before the first "="; empty for "=5".
    public let name: PercentEncoded
    /// What stands after the first "=", nil when there is no "=".
    public let value: PercentEncoded?

    /// Makes an item.
    public init(name: PercentEncoded, value: PercentEncoded?) {
        self.name = name
        self.value = value
    }

    /// Whether a "%" in it is without two hexadecimal digits.
    var isMalformed: Bool { name.fault == .malformedEscape || value?.fault == .malformedEscape }

    /// The items of a query in their order; pieces with neither name nor value are skipped.
    static func items(of query: Span<UInt8>) -> [QueryItem] {
        var items: [QueryItem] = []
        items.reserveCapacity(8)
        var start = 0
        while start < query.count {
            let end = query.firstIndex(of: Byte.ampersand, from: start) ?? query.count
            if end > start { append(query.extracting(start..<end), to: &items) }
            start = end + 1
        }
        return items
    }

    private static func append(_ piece: Span<UInt8>, to items: inout [QueryItem]) {
        guard let equals = piece.firstIndex(of: Byte.equals) else {
            items.append(QueryItem(name: PercentEncoded(piece, plusIsBlank: true), value: nil))
            return
        }
        if piece.count == 1 { return }
        let name = PercentEncoded(piece.extracting(..<equals), plusIsBlank: true)
        let value = PercentEncoded(piece.extracting((equals + 1)...), plusIsBlank: true)
        items.append(QueryItem(name: name, value: value))
    }
}
