import FoundationEssentials
import Testing

@testable import EventSourcing

@Suite struct WalkQueryTests {
    private struct Line {
        let organization: UUID
        let type: String
    }

    private let organization = UUID(high: 0, low: 7)
    private let query = WalkQuery<Line> {
        let organization = $0.uuid(\.organization)
        return "\($0.starts(.integer)) \(organization) \($0.text(\.type)) \(organization)"
    }

    @Test func `A walk's query numbers its parameters in the order in which they are taken`() {
        let walk = Walk(keys: query, Line(organization: organization, type: "DIRECT"))
        #expect(walk.text == "$2 $1 $3 $1")
        #expect(
            walk.parameters == [
                .value(.uuid(organization), .uuid), .starts(.integer), .value(.text("DIRECT"), .text),
            ])
    }

    @Test func `Walks by one query are one where they follow the same relations, and only then`() {
        func walk(_ type: String) -> Walk { Walk(keys: query, Line(organization: organization, type: type)) }
        #expect(walk("DIRECT") == walk("DIRECT"))
        #expect(walk("DIRECT") != walk("DOTTED"))
    }
}
