extension CIDRBlock {
    /// The private blocks of some lengths as a regular expression (ECMA-262), for JSON Schemas.
    ///
    /// - Parameters:
    ///   - lengths: the lengths.
    ///   - isCanonical: whether a block has to begin at its first address.
    /// - Returns: the expression.
    static func pattern(of lengths: ClosedRange<UInt32>, isCanonical: Bool) -> String {
        let alternatives = privateBlocks.flatMap { block in
            lengths.filter { $0 >= block.length }.map { length in
                block.octets(length: isCanonical ? length : 32) + "/\(length)"
            }
        }
        return "^(\(alternatives.joined(separator: "|")))$"
    }

    /// The addresses of this block at which blocks of a length begin.
    private func octets(length: UInt32) -> String {
        let last = address | ~Self.mask(self.length)
        let texts = [24, 16, 8, 0].map { (shift: UInt32) -> String in
            let values = (address >> shift & 255)...(last >> shift & 255)
            let step = UInt32(1) << min(8, max(0, 32 - length - min(shift, 32 - length)))
            let fitting = values.filter { $0 % step == 0 }
            guard fitting.count < 256 else { return "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])" }
            return "(" + fitting.map(String.init).joined(separator: "|") + ")"
        }
        return texts.joined(separator: "\\.")
    }
}
