import CanonicalJSON
import EventLog
import Postgres
import Testing

@testable import DirectoryAPI

/// `after`, `limit`, `order` and the link to the next page.
@Suite struct AuditPagingTests {
    /// All pages from a path on: descending to the end, ascending until a page is empty.
    private func pages(_ server: Server, _ path: String, as reader: Person) async throws -> [Answer] {
        var pages: [Answer] = []
        var next: String? = path
        while let path = next, pages.count < 100 {
            let page = try await server.get(path, as: reader)
            try #require(page.status == 200, "\(page.text)")
            if page.entries.isEmpty, !pages.isEmpty { break }
            pages.append(page)
            next = page.nextPath
        }
        return pages
    }

    @Test func `Pages follow one another in both orders, with their filters`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        for _ in 0..<7 { _ = try await server.makeEmployee(organization, by: owner) }
        let query = "/audit?organization=\(organization)&type=employee.created"
        let whole = try await server.get(query, as: owner)
        #expect(whole.entries.count == 7)
        let ascending = try await pages(server, query + "&limit=3", as: owner)
        #expect(ascending.map(\.entries.count) == [3, 3, 1])
        #expect(ascending.flatMap(\.positions) == whole.positions)
        #expect(ascending[0].nextPath?.contains("type=employee.created") == true)
        #expect(ascending[0].nextPath?.contains("limit=3") == true)
        let descending = try await pages(server, query + "&limit=3&order=desc", as: owner)
        #expect(descending.flatMap(\.positions) == whole.positions.reversed())
        #expect(descending.last?.nextPath == nil)
        // A page that is exactly full may be the last one.
        let full = try await server.get(query + "&limit=7&order=desc", as: owner)
        #expect(full.nextPath == nil)
        // `after` continues in the order given.
        let earlier = try await server.get(query + "&order=desc&after=\(whole.positions[2])", as: owner)
        #expect(earlier.positions == [whole.positions[1], whole.positions[0]])
        #expect(try await server.get(query + "&order=desc&after=1", as: owner).entries.isEmpty)
    }

    @Test func `A reader can keep polling by following the links`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        var next: String? = "/audit?organization=\(organization)&limit=2"
        var seen: [Int] = []
        func poll() async throws -> Answer {
            let page = try await server.get(try #require(next), as: owner)
            next = page.nextPath
            seen += page.positions
            return page
        }
        #expect(try await poll().entries.count == 2)
        let empty = try await poll()
        #expect(empty.entries.isEmpty)
        // It has examined everything.
        #expect(try #require(empty.nextAfter) == empty.position)
        for round in 1...3 {
            for _ in 0..<round { _ = try await server.makeEmployee(organization, by: owner) }
            while try await !poll().entries.isEmpty {}
        }
        let whole = try await server.get("/audit?organization=\(organization)", as: owner)
        #expect(seen == whole.positions)
        #expect(seen.count == 8)
    }

    @Test func `Past the end the page is empty and links to itself`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let page = try await server.get("/audit?organization=\(organization)&after=1000000000", as: owner)
        #expect(page.status == 200)
        #expect(page.entries.isEmpty)
        #expect(page.nextAfter == 1_000_000_000)
    }

    @Test func `A history has pages too`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let employee = try await server.makeEmployee(organization, by: owner)
        for index in 0..<4 { try await server.patch("/employee/\(employee)", as: owner, #"{"role":"r\#(index)"}"#) }
        let pages = try await pages(server, "/employee/\(employee)/history?limit=2", as: owner)
        #expect(pages.map(\.entries.count) == [2, 2, 1])
        #expect(pages[0].nextPath?.hasPrefix("/api/v1/employee/\(employee)/history?limit=2&after=") == true)
    }

    @Test func `A page of rare events examines a limited number and links onward`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let rare = try await server.makeEmployee(organization, by: owner)
        for index in 0..<20 { try await server.patch("/employee/\(rare)", as: owner, #"{"role":"r\#(index)"}"#) }
        try await server.patch("/employee/\(rare)", as: owner, #"{"type":"RARE"}"#)
        let log = EventLog(server.service.walks)
        for order in EventQuery.Order.allCases {
            for isByEntity in [false, true] {
                var query = EventQuery()
                query.order = order
                if isByEntity { query.entity = .init(try #require(.init(text: rare))) }
                query.organization = .init(text: organization)
                query.type = order == .ascending ? "employee.type_changed" : "employee.created"
                query.scanLimit = 5
                // Within five events of the beginning there is none.
                #expect(try await log.read(query).isEmpty)
                query.scanLimit = 100
                #expect(try await log.read(query).count == 1)
            }
        }
    }
}
