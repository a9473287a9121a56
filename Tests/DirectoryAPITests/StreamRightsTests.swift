import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

/// A whole list is read page by page while its client reads, each page with the rights of that moment.
@Suite struct StreamRightsTests {
    /// An organization whose list of employees is larger than what a connection holds unread.
    private static let organization = Task {
        // A server of its own: its many events would be looked through by every search of the shared one.
        let server = try await Server.start()
        let (organization, owner) = try await server.makeOrganization()
        let id = try #require(UUID(text: organization))
        try await server.given(
            (0..<25_000).map { number in
                .employee(
                    UUID.version7(at: Instant(microseconds: 1_790_000_000_000_000)), organization: id,
                    .created(
                        name: "A name that takes its place \(number)", email: Erasable("s\(number)@stream.example"),
                        role: "A role that takes its place as well", type: "EMPLOYEE", account: nil))
            })
        return (server, organization, owner)
    }

    /// Asks for the list, and reads nothing but the head for now.
    private func ask(_ server: Server, _ organization: String, as caller: Person) async throws -> (RawSocket, String) {
        let socket = try RawSocket(port: server.port)
        await socket.send(
            """
            GET /api/v1/employee HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(caller.token)\r\n\
            X-Organization: \(organization)\r\nConnection: close\r\n\r\n
            """)
        return (socket, await socket.receive(until: "\r\n\r\n"))
    }

    @Test func `A list ends early, and not as if it were whole, where the right to read it ends`() async throws {
        let (server, organization, owner) = try await Self.organization.value
        let reader = try await server.makeAccount("reader")
        try await server.grant("AUDITOR", to: reader, in: organization, by: owner)
        let (socket, start) = try await ask(server, organization, as: reader)
        #expect(RawSocket.status(start) == 200)
        let revoked = try await server.delete(
            "/account/\(reader.id)/grant?orgId=\(organization)&role=AUDITOR", as: owner)
        #expect(revoked.status == 200)
        let rest = start + (await socket.receive())
        #expect(!rest.hasSuffix("0\r\n\r\n"))
        #expect(rest.contains(#""id":""#))
    }

    @Test func `A list is whole where the right to read it is kept`() async throws {
        let (server, organization, owner) = try await Self.organization.value
        let (socket, start) = try await ask(server, organization, as: owner)
        // Another's right that ends is none of its reader's concern.
        let other = try await server.makeAccount("other")
        try await server.grant("AUDITOR", to: other, in: organization, by: owner)
        try await server.delete("/account/\(other.id)/grant?orgId=\(organization)&role=AUDITOR", as: owner)
        let whole = start + (await socket.receive())
        #expect(whole.hasSuffix("0\r\n\r\n"))
        #expect(whole.split(separator: #"{"id":""#, omittingEmptySubsequences: false).count == 25_001)
    }
}
