import Directory
import EventSourcing
import FoundationEssentials
import NIOCore
import Testing

@testable import DirectoryAPI

/// What is kept of the pages that streams are sent.
@Suite struct FeedPagesTests {
    @Test func `A page is kept until there is another event, and not beyond an erasure`() async throws {
        // Of its own, so that no stream of another test moves the pages on.
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let name = unique("Read")
        let employee = try await server.makeEmployee(organization, by: owner, name: name)
        var filter = AuditFilter()
        filter.organization = UUID(text: organization)
        let question = FeedPages.Question(
            caller: Caller(.id(try #require(UUID(text: owner.id)))), filter: filter, format: .entry)
        let pages = FeedPages(server.service.feed.pool)
        func text() async throws -> String {
            String(buffer: try await pages.page(question, knowing: 0).events)
        }
        #expect(try await text().contains(name))
        let erased = try await server.post("/employee/\(employee)/erase", as: owner, #"{"reason":"R"}"#)
        try #require(erased.status == 200, "\(erased.text)")
        #expect(try await text().contains(name), "it has not heard of another event")
        pages.forget(before: Position(erased.position))
        #expect(try await !text().contains(name))
        try await server.stop()
    }
}
