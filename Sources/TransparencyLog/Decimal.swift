/// Numbers as the formats of transparency logs write them: ASCII digits without leading zeroes.
public enum Decimal {
    /// Parses a number; `nil` if it is written in another way or exceeds 64 bits.
    public static func parse(_ text: some StringProtocol) -> UInt64? {
        guard let first = text.utf8.first, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        guard first != 48 || text.utf8.count == 1 else { return nil }
        return UInt64(text)
    }
}
