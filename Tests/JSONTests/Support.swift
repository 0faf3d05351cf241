import PatchbayJSON
import SeededGenerator

extension SeededGenerator {
    mutating func json(depth: Int) -> JSON {
        switch UInt8.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return nil
        case 1: return .bool(.random(using: &self))
        case 2: return .number(JSON.Number(Int64.random(in: .min ... .max, using: &self)))
        case 3:
            let value = Double(bitPattern: .random(in: .min ... .max, using: &self))
            return JSON.Number(value).map { .number($0) } ?? 0
        case 4, 5: return .string(string())
        case 6: return .array((0..<count()).map { _ in json(depth: depth - 1) })
        default: return .object(JSON.Object((0..<count()).map { _ in (string(), json(depth: depth - 1)) }))
        }
    }

    mutating func string() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<24, using: &self) {
            let ceiling: UInt32 = [0x30, 0x80, 0x800, 0x11_0000].randomElement(using: &self) ?? 0x80
            text.append(Unicode.Scalar(UInt32.random(in: 0..<ceiling, using: &self)) ?? "\"")
        }
        return String(text)
    }

    private mutating func count() -> Int {
        Int.random(in: 0..<5, using: &self)
    }
}
