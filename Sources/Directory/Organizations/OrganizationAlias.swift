import DirectoryEvents
import EventSourcing
import OrganizationsProjection

/// Aliases derived from names: what is left of a name in `[a-z0-9-]`, with a number where that is taken.
enum OrganizationAlias {
    private static let longest = 63

    /// What is left of a name: its letters as a search compares them, everything else a hyphen; empty where nothing is left.
    static func stem(of name: String) -> String {
        var stem: [UInt8] = []
        for scalar in SearchText.plain(name) {
            switch scalar.value {
            case 0x30...0x39, 0x61...0x7A: stem.append(UInt8(scalar.value))
            default: if stem.last.map({ $0 != hyphen }) ?? false { stem.append(hyphen) }
            }
        }
        return trimmed(stem, to: longest)
    }

    /// The candidate of a number: the stem itself comes first (1), then the stem with the number; `org-<n>` without a stem.
    /// `nil` where the stem alone is too short to be an alias.
    static func candidate(_ number: Int, of stem: String) -> String? {
        if stem.isEmpty { return "org-\(number)" }
        if number == 1 { return stem.utf8.count >= 2 ? stem : nil }
        let suffix = "-\(number)"
        return trimmed(Array(stem.utf8), to: longest - suffix.utf8.count) + suffix
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func trimmed(_ bytes: [UInt8], to length: Int) -> String {
        var bytes = bytes.prefix(length)
        while bytes.last == hyphen { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension View {
    /// An alias for a name that no organization has.
    func freeAlias(for name: String) throws -> String {
        let stem = OrganizationAlias.stem(of: name)
        func free(_ number: Int) throws -> String? {
            guard let alias = OrganizationAlias.candidate(number, of: stem),
                try keys(Organizations.byAlias, [.text(alias)]).isEmpty
            else { return nil }
            return alias
        }
        // Doubling, then bisecting: a thousand organizations of one name cost twenty lookups, not a thousand.
        var (taken, number) = (0, 1)
        var found = try free(number)
        while found == nil {
            (taken, number) = (number, number * 2)
            found = try free(number)
        }
        while number - taken > 1 {
            let middle = (taken + number) / 2
            if let alias = try free(middle) { (number, found) = (middle, alias) } else { taken = middle }
        }
        return found ?? "org-\(number)"
    }
}
