import CanonicalJSON
import Testing

@testable import DirectoryAPI

extension Answer {
    /// The entries of a page of the audit trail, without those that say that it was read: the test's own reading makes some.
    var entries: [JSON] { elements.filter { $0["type"]?.string?.hasSuffix(".audit_read") != true } }

    /// Their types, in order.
    var types: [String] { entries.map { $0["type"]?.string ?? "" } }

    /// Their positions, in order.
    var positions: [Int] { entries.map { $0["position"]?.integer.map { Int($0) } ?? 0 } }

    /// Where the next page begins.
    var nextAfter: Int? {
        nextPath?.split(separator: "after=").last.flatMap { Int($0) }
    }
}

extension Server {
    /// The last entry of an organization's trail that does not say that it was read.
    func lastEntry(of organization: String, as reader: Person) async throws -> JSON {
        let page = try await get("/audit?organization=\(organization)&order=desc&limit=20", as: reader)
        return try #require(page.entries.first, "\(page.text)")
    }
}

/// An entry's member as canonical text: what a test compares.
func text(_ json: JSON?) -> String { json?.canonicalText() ?? "nothing" }
