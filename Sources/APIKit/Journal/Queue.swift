/// Elements that are taken in at the end and let go at the beginning: either takes the same short time, however many there
/// are, and nothing moves but when it grows.
struct Queue<Element: Sendable>: Sendable {
    private var slots: [Element?]
    /// Where the oldest is.
    private var start = 0
    private(set) var count: Int

    init(_ elements: [Element] = []) {
        slots = elements
        count = elements.count
    }

    /// How many there is room for before it grows.
    var capacity: Int { slots.count }

    /// The newest.
    var last: Element? { count == 0 ? nil : slots[place(count - 1)] }

    /// The oldest first.
    var elements: [Element] { (0..<count).compactMap { slots[place($0)] } }

    mutating func append(_ element: Element) {
        // Twice as large each time: a slot more for each element would move all of them for each.
        if count == slots.count {
            let room = max(4, 2 * count)
            slots = elements + [Element?](repeating: nil, count: room - count)
            start = 0
        }
        slots[place(count)] = element
        count += 1
    }

    mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let first = slots[start]
        slots[start] = nil
        start = place(1)
        count -= 1
        return first
    }

    /// The oldest that is as wanted.
    func first(where isWanted: (Element) -> Bool) -> Element? {
        for index in 0..<count {
            if let element = slots[place(index)], isWanted(element) { return element }
        }
        return nil
    }

    private func place(_ index: Int) -> Int { (start + index) % slots.count }
}
