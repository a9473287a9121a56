import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import Directory
@testable import DirectoryAPI

/// `GET /audit/export`.
@Suite struct AuditExportTests {
    private func export(
        _ server: Server, _ query: String, as reader: Person, in organization: String? = nil
    ) async throws -> Answer {
        let answer = try await server.get("/audit/export?\(query)", as: reader, in: organization)
        try #require(answer.status == 200, "\(answer.text)")
        return answer
    }

    private func lines(_ answer: Answer) throws -> [JSON] {
        #expect(answer.body.isEmpty || answer.body.last == UInt8(ascii: "\n"))
        return try answer.body.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: Array($0)) }
    }

    /// An organization whose trail has entries of several forms: with several changes, with one, with none.
    private func scene() async throws -> (server: Server, organization: String, owner: Person) {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let manager = try await server.makeEmployee(organization, by: owner, name: "Ann \\\"A,B\\\"")
        let report = try await server.makeEmployee(organization, by: owner, name: "=cmd|'/C calc'!A0")
        try await server.assign(manager, to: report, by: owner)
        let changed = try await server.patch(
            "/employee/\(report)", as: owner, #"{"role":"+Lead","name":"Bo","type":"CONTRACTOR"}"#)
        try #require(changed.status == 200)
        return (server, organization, owner)
    }

    @Test func `Each line of ndjson is an entry, as the trail shows it`() async throws {
        let (server, organization, owner) = try await scene()
        let exported = try await export(server, "organization=\(organization)", as: owner)
        #expect(exported.header("Content-Type") == "application/x-ndjson")
        let entries = try lines(exported)
        let trail = try await server.get("/audit?organization=\(organization)&limit=1000", as: owner)
        #expect(entries == trail.entries.filter { ($0["position"]?.integer ?? 0) <= Int64(exported.position) })
        #expect(entries.count > 6)
        let filtered = try await export(
            server, "organization=\(organization)&type=employee.renamed&format=NDJSON", as: owner)
        #expect(try lines(filtered).map { $0["type"]?.string } == ["employee.renamed"])
        let none = try await export(server, "organization=\(organization)&until=2020-01-01T00:00:00Z", as: owner)
        #expect(none.body.isEmpty)
    }

    @Test func `Each line of cloudevents is a CloudEvent whose data is the entry`() async throws {
        let (server, organization, owner) = try await scene()
        let query = "organization=\(organization)&type=employee.*"
        let exported = try await export(server, "\(query)&format=cloudevents", as: owner)
        #expect(exported.header("Content-Type") == "application/x-ndjson")
        let events = try lines(exported)
        #expect(events.compactMap { $0["data"] } == (try lines(try await export(server, query, as: owner))))
        let vkey = try await server.get("/audit/log/vkey", as: owner).text
        let origin = vkey.prefix { $0 != "+" }
        let check = SchemaCheck(document: Description.own.document)
        for event in events {
            let data = event["data"]
            #expect(check.faults(event, OpenAPI.reference("CloudEvent")) == [])
            #expect(event["specversion"] == "1.0")
            #expect(event["id"] == data?["id"])
            #expect(event["source"]?.string == "//\(origin)")
            #expect(event["type"] == data?["type"])
            #expect(event["subject"] == data?["targets"]?.array?.first?["id"])
            #expect(event["time"] == data?["time"])
            #expect(event["datacontenttype"] == "application/json")
        }
    }

    @Test func `A log's name becomes a URI reference`() {
        #expect(CloudEventSource.reference(to: "log.example.com/a-b/c") == "//log.example.com/a-b/c")
        #expect(CloudEventSource.reference(to: "h:1/%/ä#?") == "//h%3A1/%25/%C3%A4%23%3F")
    }

    @Test func `A table has a row for each change, and one for an entry without changes`() async throws {
        let (server, organization, owner) = try await scene()
        let exported = try await export(server, "organization=\(organization)&format=csv", as: owner)
        #expect(exported.header("Content-Type") == "text/csv; charset=utf-8; header=present")
        let entries = try lines(try await export(server, "organization=\(organization)", as: owner)).filter {
            ($0["position"]?.integer ?? 0) <= Int64(exported.position)
        }
        let table = try CSVTable(parsing: exported.body)
        #expect(table.rows.first?.cells == AuditEntry.csvColumns)
        let rows = table.rows.dropFirst().map(\.cells)
        let expected = entries.flatMap { entry in
            let changes = entry["changes"]?.array ?? []
            return Array(repeating: entry, count: max(changes.count, 1))
        }
        #expect(rows.count == expected.count)
        for (row, entry) in zip(rows, expected) {
            #expect(row.count == AuditEntry.csvColumns.count)
            #expect(row[0] == entry["position"]?.integer.map { "\($0)" })
            #expect(row[4] == entry["type"]?.string)
            #expect(row[7] == entry["actor"]?["id"]?.string)
            #expect(row[12] == entry["targets"]?.array?.first?["id"]?.string)
            #expect(row[18] == entry["context"]?["requestId"]?.string)
        }
        let text = exported.text
        #expect(text.contains(#""Ann ""A,B""""#), "a cell with a comma and quotation marks is quoted")
        #expect(!text.replacing("\r\n", with: "").contains("\n"), "rows end as RFC 4180 says")
        #expect(text.contains(",/managers,,\"{"), "what is no text is JSON")
    }

    @Test func `No cell begins as a formula does`() async throws {
        let (server, organization, owner) = try await scene()
        let exported = try await export(server, "organization=\(organization)&format=csv", as: owner)
        #expect(exported.text.contains(",'=cmd|'/C calc'!A0,"))
        #expect(exported.text.contains(",/role,,'+Lead,"))
        for row in try CSVTable(parsing: exported.body).rows {
            #expect(row.cells.allSatisfy { cell in !"=+-@\t\r".utf8.contains { cell.utf8.first == $0 } })
        }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"),
        ("\ra", "\"'\ra\""), ("\r\na", "\"'\r\na\""), ("a\"b", "\"a\"\"b\""), ("a,b", "\"a,b\""), ("a\nb", "\"a\nb\""),
        ("=\"x\",y", "\"'=\"\"x\"\",y\""), ("a=b", "a=b"), ("'=1", "'=1"), ("\u{301}=", "\u{301}="),
        ("=\u{301}", "'=\u{301}"),
    ])
    func `A cell is quoted where it must be, and is never a formula`(_ cell: String, _ written: String) {
        #expect(CSVRow([cell, "x"]).line == Array("\(written),x\r\n".utf8))
    }

    @Test(arguments: AuditExport.Format.allCases)
    func `An export that was cut off and gone on with is the same bytes`(_ format: AuditExport.Format) async throws {
        let (server, organization, owner) = try await scene()
        let query = "organization=\(organization)&type=employee.*&format=\(format.rawValue)"
        let whole = try await export(server, query, as: owner)
        let positions = try lines(
            try await export(server, "organization=\(organization)&type=employee.*", as: owner)
        ).map { $0["position"]?.integer ?? 0 }
        #expect(positions.count > 5)
        for position in positions {
            let rest = try await export(server, "\(query)&after=\(position)", as: owner)
            #expect(whole.body.suffix(rest.body.count) == rest.body[...])
            let before = String(decoding: whole.body.dropLast(rest.body.count), as: UTF8.self)
            // What is cut off ends with the entry at that position.
            let last = before.split(whereSeparator: \.isNewline).last ?? ""
            #expect(last.hasPrefix("\(position),") || last.contains(#""position":\#(position),"#), "\(last)")
            if format == .csv {
                #expect(rest.header("Content-Type") == "text/csv; charset=utf-8; header=absent")
            }
        }
        let nothing = try await export(server, "\(query)&after=\(whole.position)", as: owner)
        #expect(nothing.body.isEmpty)
    }

    @Test func `However long an export takes, it shows the moment when it began`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let id = try #require(UUID(text: organization))
        let change = Change<String>(from: "a", to: "b")
        try await server.given((0..<600).map { _ in .organization(id, .renamed(change)) })
        var filter = AuditFilter()
        filter.organization = id
        let (export, first) = try await AuditExport.begin(filter, as: .ndjson, from: server.service.walks)
        let late = try await server.makeEmployee(organization, by: owner)
        var (bytes, next) = (first.bytes, first.next)
        while let position = next {
            let page = try await export.page(after: position)
            bytes += page.bytes
            next = page.next
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.split(separator: "\n").count > 600)
        #expect(!text.contains(late))
        #expect(try await self.export(server, "organization=\(organization)", as: owner).text.contains(late))
    }

    @Test func `An export of many pages is complete, and has nothing after its Directory-Position`() async throws {
        let server = try await Server.shared
        let (organization, owner) = try await server.makeOrganization()
        let id = try #require(UUID(text: organization))
        let change = Change<String>(from: "a", to: "b")
        try await server.given((0..<1_500).map { _ in .organization(id, .renamed(change)) })
        async let other = server.get("/audit/export?organization=\(organization)&format=csv", as: owner)
        let exported = try await export(server, "organization=\(organization)", as: owner)
        let positions = try lines(exported).compactMap { $0["position"]?.integer }
        #expect(positions.count >= 1_500)
        #expect(positions == positions.sorted() && Set(positions).count == positions.count)
        #expect(positions.allSatisfy { $0 <= Int64(exported.position) })
        #expect(try await other.status == 200)
    }

    @Test func `What is not a filter or a format is refused`() async throws {
        let (server, organization, owner) = try await scene()
        for query in ["format=xml", "limit=5", "order=desc", "after=-1", "type=x", "cursor=a"] {
            let refused = try await server.get("/audit/export?organization=\(organization)&\(query)", as: owner)
            #expect(refused.status == 400)
            #expect(refused.pointers == ["?\(query.prefix { $0 != "=" })"])
        }
        #expect(try await server.send("HEAD", "/audit/export", as: owner).status == 200)
    }

    @Test func `Every export is recorded, before its first byte`() async throws {
        let (server, organization, owner) = try await scene()
        for (format, words) in [("csv", "csv"), ("cloudevents", "cloudevents"), ("", "ndjson")] {
            let exported = try await server.get(
                "/audit/export?organization=\(organization)&type=employee.*&format=\(format)", as: owner,
                headers: ["X-Request-Id": "export-\(words)"])
            #expect(exported.status == 200)
            let entry = try await server.lastExport(of: organization, as: owner)
            #expect(entry["context"]?["requestId"]?.string == "export-\(words)")
            #expect(entry["actor"]?["id"]?.string == owner.id)
            #expect(entry["actor"]?["role"] == "OWNER")
            #expect(entry["targets"]?.array?.map { $0["id"]?.string } == [organization])
            #expect(entry["changes"] == [])
            let position = try #require(entry["position"]?.integer)
            #expect(position > Int64(exported.position))
            let proven = try await server.get("/audit/log/entry?position=\(position)", as: owner)
            #expect(proven.json["data"] == .object([JSON.Member(name: "format", value: .string(words))]))
            let opening = try await server.get("/audit/log/opening?position=\(position)", as: owner)
            #expect(
                opening.json["sealed"]?["text"]?.string
                    == #"{"filter":{"organization":"\#(organization)","type":"employee.*"}}"#)
        }
        let count = try await server.get(
            "/organization/\(organization)/history?type=organization.audit_exported", as: owner)
        #expect(count.entries.count == 3)
    }

    @Test func `Without an organization the export is recorded with the reader's own account`() async throws {
        let server = try await Server.shared
        let person = try await server.makeAccount()
        #expect(try await server.get("/audit/export", as: person).status == 200)
        #expect(try await server.get("/audit/export?entity=\(person.id)", as: person).status == 200)
        let history = try await server.get("/account/\(person.id)/history?type=account.audit_exported", as: person)
        #expect(history.entries.count == 2)
        #expect(history.entries.allSatisfy { $0["organization"] == nil && $0["actor"]?["role"] == "ACCOUNT" })
    }
}

extension Server {
    /// The last export of an organization's trail; to look is not recorded, since it is the organization's history.
    fileprivate func lastExport(of organization: String, as reader: Person) async throws -> JSON {
        let page = try await get(
            "/organization/\(organization)/history?type=organization.audit_exported&order=desc&limit=1", as: reader)
        return try #require(page.entries.first, "\(page.text)")
    }
}
