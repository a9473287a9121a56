import AsyncHTTPClient
import CanonicalJSON
import NIOCore
import TestSupport
import Testing

/// Each stream holds a connection.
private let client: HTTPClient = {
    var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(60), read: .seconds(300)))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 10_000
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
}()

/// A client that follows the trail, over a connection of its own.
struct Follower {
    typealias Event = ServerSentEventReader.Event

    let status: Int
    /// Where the stream began.
    let position: Int64?
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var reader = ServerSentEventReader()
    private var events: ArraySlice<Event> = []

    /// - Parameter query: with its mark, if there is one.
    init(
        _ server: Server, _ query: String = "", as caller: Person, in organization: String? = nil,
        lastEventID: Int? = nil, accept: String? = nil
    ) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/api/v1/audit/stream\(query)")
        request.headers.add(name: "Authorization", value: "Bearer \(caller.token)")
        if let organization { request.headers.add(name: "X-Organization", value: organization) }
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: String(lastEventID)) }
        if let accept { request.headers.add(name: "Accept", value: accept) }
        let response = try await client.execute(request, timeout: .hours(1))
        status = Int(response.status.code)
        position = response.headers.first(name: "Directory-Position").flatMap { Int64($0) }
        body = response.body.makeAsyncIterator()
        if status == 200 { #expect(response.headers.first(name: "Content-Type") == "text/event-stream") }
    }

    /// What the stream has said of connecting again.
    var retries: [Int] { reader.retries }
    var comments: [String] { reader.comments }

    /// The next event that is not a record of somebody's reading; `nil` where the stream has ended.
    mutating func next() async throws -> Event? {
        while let event = try await nextOfAll() {
            if !event.data.contains(#".audit_read""#) { return event }
        }
        return nil
    }

    /// The next event, whatever it is; `nil` where the stream has ended.
    mutating func nextOfAll() async throws -> Event? {
        while events.isEmpty {
            guard let bytes = try await body.next() else { return nil }
            events = reader.take(bytes.readableBytesView)[...]
        }
        let event = events.removeFirst()
        #expect(event.name == "entry")
        return event
    }

    /// That many events.
    mutating func next(_ count: Int) async throws -> [Event] {
        var all: [Event] = []
        while all.count < count { all.append(try #require(try await next(), "the stream has ended")) }
        return all
    }

    /// All events until the stream ends.
    mutating func rest() async throws -> [Event] {
        var all: [Event] = []
        while let event = try await next() { all.append(event) }
        return all
    }
}
