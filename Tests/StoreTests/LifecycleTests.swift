import PatchbayJSON
import Testing

@testable import PatchbayStore

/// Lamps, which warm up by themselves, burn out when somebody says so, and are gone a while after they were thrown away.
enum Lamp {
    static let houses = Collection(
        "houses",
        in: "lamps",
        key: "id",
        members: [Member("id", .text(.nonempty)), Member("lit", .integer(0...100), .standard(0))],
    )

    static let lamps = Collection(
        "lamps",
        in: "lamps",
        under: houses,
        key: "name",
        members: [
            Member("name", .text(.nonempty)), Member("kind", .choice(["bulb", "candle", "torch"]), .standard("bulb")),
            Member("state", .text(.nonempty)), Member("changed", .timestamp(fractionDigits: 0), .optional),
        ],
        variants: .init(by: "kind", []),
        orders: [.init("name")],
        lifecycles: [
            Lifecycle(
                "state",
                of: "bulb",
                [
                    .init("warm", from: ["off"], to: "warm", after: 2, change: stamp),
                    .init("light", from: ["warm"], to: "lit", after: 3, change: stamp),
                    .init("burn out", from: ["lit", "warm"], to: "broken", change: stamp),
                    .init("remove", from: ["thrown"], to: nil, after: 4),
                ]
            ),
            Lifecycle(
                "state",
                of: "torch",
                [
                    .init("light", from: ["off"], to: "lit", after: 5),
                    .init("fade", from: ["lit"], to: "gone", after: 60, isDeadline: true),
                ]
            ),
            Lifecycle("state", of: "candle", [.init("melt", from: ["lit"], to: "gone", after: 60)]),
        ],
        follow: { rows, change in
            guard let house = try rows.find(houses, change.path), var document = try rows.document(houses, house)
            else { return }
            let lit = (document["lit"]?.int64Value ?? 0)
            let (was, is_) = (change.before?["state"] == "lit", change.after?["state"] == "lit")
            guard was != is_ else { return }
            document["lit"] = .number(JSON.Number(lit + (is_ ? 1 : -1)))
            try rows.update(house, in: houses, to: document)
        },
    )

    private static func stamp(_ lamp: inout JSON.Object, _ moment: Timestamp) {
        lamp["changed"] = .string(moment.text(fractionDigits: 0))
    }
}

/// How rows come into other states.
@Suite struct LifecycleTests {
    private let store: Store

    init() throws {
        store = try Store([Lamp.lamps])
        try store.load([seed])
    }

    private var seed: SeedFile {
        let content = #"{"houses":[{"id":"a","lamps":[{"name":"seeded","state":"off"}]},{"id":"b"}]}"#
        return SeedFile(name: "a.json", collections: [Lamp.houses, Lamp.lamps], content: Array(content.utf8))
    }

    private static func second(_ number: Int64) -> Timestamp { Timestamp(seconds: 1_000_000 + number) }

    private func insert(
        _ name: String,
        _ state: String = "off",
        kind: String = "bulb",
        house: String = "a",
        at second: Int64 = 0,
        pace: Lifecycle.Pace,
        in store: Store? = nil,
    ) throws {
        try (store ?? self.store).write(at: Self.second(second), pace: pace) { rows in
            let parent = try #require(try rows.find(Lamp.houses, [house]))
            let document: JSON.Object = ["name": .string(name), "state": .string(state), "kind": .string(kind)]
            try rows.insert(document, into: Lamp.lamps, under: parent)
        }
    }

    /// State and second of the last change; `nil` when there is no such lamp.
    private func state(_ name: String, house: String = "a", in store: Store? = nil) throws -> String? {
        let store = store ?? self.store
        guard let row = try store.find(Lamp.lamps, [house, name]) else { return nil }
        let document = try #require(try store.document(Lamp.lamps, row))
        let changed = document["changed"]?.stringValue.flatMap { Timestamp($0) }
        return (document["state"]?.stringValue ?? "") + (changed.map { " \($0.seconds - 1_000_000)" } ?? "")
    }

    private func settle(at second: Int64, pace: Lifecycle.Pace) throws {
        try store.settle(pace) { _ in Self.second(second) }
    }

    @Test func `What waits for its next step waits for it in a copy, too`() throws {
        try insert("new", pace: .realistic)
        // As if a file of a store had brought it, which other tenants are copied from.
        _ = try store.rewrite { try $0.connection.run("DELETE FROM \(Lamp.lamps.baseline)") }
        try store.make([MadeTenant("copy", Root(Lamp.houses, "copy"), from: ["a"], for: [])])
        try settle(at: 4, pace: .realistic)
        #expect(try state("new", house: "copy") == "warm 2")
        _ = try store.reset([Root(Lamp.houses, "copy")])
        #expect(try state("new", house: "copy") == "off")
        try settle(at: 4, pace: .realistic)
        #expect(try state("new", house: "copy") == "warm 2")
        _ = try store.dropTenants("copy")
        try settle(at: 5, pace: .realistic)
        #expect(try state("new") == "lit 5")
        #expect(try state("new", house: "copy") == nil)
    }

    @Test func `A seeded row stays as it is`() throws {
        try settle(at: 1_000, pace: .immediate)
        #expect(try state("seeded") == "off")
    }

    @Test func `A seeded row goes on once something was done to it`() throws {
        try store.write(at: Self.second(0), pace: .realistic) { rows in
            let row = try #require(try rows.find(Lamp.lamps, ["a", "seeded"]))
            try rows.trigger("warm", of: row, in: Lamp.lamps)
        }
        #expect(try state("seeded") == "warm 0")
        try settle(at: 2, pace: .realistic)
        #expect(try state("seeded") == "warm 0")
        try settle(at: 3, pace: .realistic)
        #expect(try state("seeded") == "lit 3")
    }

    @Test func `At once means before the next look, through all steps, at the time of the write`() throws {
        try insert("new", at: 7, pace: .immediate)
        #expect(try state("new") == "off")
        try settle(at: 7, pace: .immediate)
        #expect(try state("new") == "lit 7")
    }

    @Test func `Steps come when they are due, and are stamped with that time however late somebody looks`() throws {
        try insert("new", pace: .realistic)
        try settle(at: 1, pace: .realistic)
        #expect(try state("new") == "off")
        try settle(at: 2, pace: .realistic)
        #expect(try state("new") == "warm 2")
        try insert("other", at: 10, pace: .realistic)
        try settle(at: 1_000, pace: .realistic)
        #expect(try state("new") == "lit 5")
        #expect(try state("other") == "lit 15")
    }

    @Test func `By hand, nothing comes by itself`() throws {
        try insert("new", pace: .manual)
        try settle(at: 1_000_000, pace: .manual)
        #expect(try state("new") == "off")
        let change = try store.trigger(nil, in: Lamp.lamps, ["a", "new"], at: Self.second(9), pace: .manual)
        #expect(change?.before?["state"] == "off")
        #expect(change?.after?["state"] == "warm")
        #expect(try state("new") == "warm 9")
    }

    @Test func `What cannot happen is refused with what can`() throws {
        try insert("new", "warm", pace: .manual)
        let refusal = #expect(throws: NoSuchStep.self) {
            try store.trigger("melt", in: Lamp.lamps, ["a", "new"], at: Self.second(0), pace: .manual)
        }
        #expect(refusal?.state == "warm")
        #expect(refusal?.events == ["light", "burn out"])
        _ = try store.trigger("burn out", in: Lamp.lamps, ["a", "new"], at: Self.second(0), pace: .manual)
        let last = #expect(throws: NoSuchStep.self) {
            try store.trigger(nil, in: Lamp.lamps, ["a", "new"], at: Self.second(0), pace: .manual)
        }
        #expect(last?.events == [])
        #expect(try store.trigger("light", in: Lamp.lamps, ["a", "none"], at: Self.second(0), pace: .manual) == nil)
    }

    @Test func `Another state in between cancels what was planned`() throws {
        try insert("new", "warm", pace: .realistic)
        _ = try store.trigger("burn out", in: Lamp.lamps, ["a", "new"], at: Self.second(1), pace: .realistic)
        try settle(at: 1_000, pace: .realistic)
        #expect(try state("new") == "broken 1")
    }

    @Test func `A change that leaves the state alone leaves the plan alone`() throws {
        try insert("new", pace: .realistic)
        try store.write(at: Self.second(1), pace: .realistic) { rows in
            let row = try #require(try rows.find(Lamp.lamps, ["a", "new"]))
            var document = try #require(try rows.document(Lamp.lamps, row))
            document["changed"] = .string(Self.second(1).text(fractionDigits: 0))
            try rows.update(row, in: Lamp.lamps, to: document)
        }
        try settle(at: 2, pace: .realistic)
        #expect(try state("new") == "warm 2")
    }

    @Test func `A change that enters the same state anew plans anew`() throws {
        try insert("candle", "lit", kind: "candle", pace: .realistic)
        try store.write(at: Self.second(30), pace: .realistic) { rows in
            let row = try #require(try rows.find(Lamp.lamps, ["a", "candle"]))
            let document = try #require(try rows.document(Lamp.lamps, row))
            try rows.update(row, in: Lamp.lamps, to: document, entersState: true)
        }
        try settle(at: 89, pace: .realistic)
        #expect(try state("candle") == "lit")
        try settle(at: 90, pace: .realistic)
        #expect(try state("candle") == "gone")
    }

    @Test(arguments: [Lifecycle.Pace.immediate, .realistic])
    func `A deadline takes its time however fast everything else goes`(pace: Lifecycle.Pace) throws {
        try insert("torch", kind: "torch", pace: pace)
        try settle(at: 5, pace: pace)
        #expect(try state("torch") == "lit")
        let lit: Int64 = pace == .immediate ? 0 : 5
        try settle(at: lit + 59, pace: pace)
        #expect(try state("torch") == "lit")
        try settle(at: lit + 60, pace: pace)
        #expect(try state("torch") == "gone")
    }

    @Test func `A row goes away when its time has come`() throws {
        try insert("new", "thrown", pace: .realistic)
        try settle(at: 3, pace: .realistic)
        #expect(try state("new") == "thrown")
        try settle(at: 4, pace: .realistic)
        #expect(try state("new") == nil)
    }

    @Test func `Each root has its own time`() throws {
        try insert("one", house: "a", pace: .realistic)
        try insert("two", house: "b", pace: .realistic)
        try store.settle(.realistic) { $0 == Root(Lamp.houses, "b") ? Self.second(100) : Self.second(0) }
        #expect(try state("one", house: "a") == "off")
        #expect(try state("two", house: "b") == "lit 5")
    }

    @Test func `Kinds of rows live differently`() throws {
        try insert("candle", "lit", kind: "candle", pace: .realistic)
        try insert("bulb", "lit", pace: .realistic)
        try settle(at: 60, pace: .realistic)
        #expect(try state("candle") == "gone")
        #expect(try state("bulb") == "lit")
    }

    @Test func `Other rows follow a change in the same transaction`() throws {
        let lit = {
            let row = try #require(try store.find(Lamp.houses, ["a"]))
            return try store.document(Lamp.houses, row)?["lit"]?.int64Value
        }
        #expect(try lit() == 0)
        try insert("new", pace: .immediate)
        try settle(at: 0, pace: .immediate)
        #expect(try lit() == 1)
        #expect(throws: CancellationError.self) {
            try store.write(at: Self.second(1), pace: .immediate) { rows in
                let row = try #require(try rows.find(Lamp.lamps, ["a", "new"]))
                try rows.delete(row, from: Lamp.lamps)
                throw CancellationError()
            }
        }
        #expect(try lit() == 1)
        try store.write { rows in
            let row = try #require(try rows.find(Lamp.lamps, ["a", "new"]))
            try rows.delete(row, from: Lamp.lamps)
        }
        #expect(try lit() == 0)
    }

    @Test func `A change that is taken back plans nothing`() throws {
        #expect(throws: CancellationError.self) {
            try store.write(at: Self.second(0), pace: .immediate) { rows in
                let row = try #require(try rows.find(Lamp.lamps, ["a", "seeded"]))
                try rows.trigger("warm", of: row, in: Lamp.lamps)
                throw CancellationError()
            }
        }
        try settle(at: 1_000, pace: .immediate)
        #expect(try state("seeded") == "off")
    }

    @Test func `A document that the collection does not take is not kept`() throws {
        #expect(throws: Violation.self) {
            try store.write { rows in
                let house = try #require(try rows.find(Lamp.houses, ["a"]))
                try rows.insert(["name": "x", "state": "off"], into: Lamp.lamps, under: house)
                try rows.insert(["name": "", "state": "off"], into: Lamp.lamps, under: house)
            }
        }
        #expect(try state("x") == nil)
    }

    @Test func `A store in a file goes on where it was`() throws {
        let folder = try Scratch()
        let path = folder.path("store.db")
        do {
            let store = try Store([Lamp.lamps], file: path)
            try store.load([seed])
            try insert("new", pace: .realistic, in: store)
        }
        let store = try Store([Lamp.lamps], file: path)
        try store.settle(.realistic) { _ in Self.second(2) }
        #expect(try state("new", in: store) == "warm 2")
    }

    @Test func `Rows are found by what their members equal`() throws {
        try insert("x", "lit", house: "b", pace: .manual)
        try insert("y", "off", house: "b", pace: .manual)
        try store.write { rows in
            let house = try #require(try rows.find(Lamp.houses, ["b"]))
            #expect(try rows.rows(of: Lamp.lamps, under: house).map { $0.document["name"] } == ["x", "y"])
            let lit = try rows.rows(of: Lamp.lamps, under: nil, where: [("state", "lit")])
            #expect(lit.map { $0.document["name"] } == ["x"])
            #expect(try rows.keys(of: lit[0].row, in: Lamp.lamps) == ["b", "x"])
            #expect(try rows.largest("lit", in: Lamp.houses) == 1)
            #expect(try rows.largest("lit", in: Lamp.lamps) == nil)
            #expect(try [1, 2, 3].map { try rows.has($0, of: Lamp.lamps, under: house) } == [true, true, false])
        }
    }

    @Test func `A state may stand inside an object, which is made where it is missing`() throws {
        let lifecycle = Lifecycle(
            "status.phase.now",
            [.init("start", from: [""], to: "up"), .init("stop", from: ["up"], to: "down")],
        )
        let made = try #require(lifecycle.document(["name": "x"], after: lifecycle.steps[0], at: Self.second(0)))
        #expect(made == ["name": "x", "status": ["phase": ["now": "up"]]])
        #expect(lifecycle.state(of: made) == "up")
        let before: JSON.Object = ["status": ["phase": ["now": "up", "since": "x"], "detail": "y"], "name": "x"]
        let after = try #require(lifecycle.document(before, after: lifecycle.steps[1], at: Self.second(0)))
        #expect(after == ["status": ["phase": ["now": "down", "since": "x"], "detail": "y"], "name": "x"])
    }
}
