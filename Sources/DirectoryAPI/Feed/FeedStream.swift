import Directory
import EventSourcing
import Hummingbird
import NIOCore
import Postgres

/// One client's stream of the trail: what it asked for, and where it is.
///
/// A page is read when the one before has been sent, so a client that reads slowly costs its place in the log and one page.
struct FeedStream: Sendable {
    /// How many entries are read at a time.
    private static let pageSize = 100
    /// How long a client waits before it connects again; after a shutdown more or less, so that not all come at once.
    private static let retry = Duration.milliseconds(2000)
    /// How long after `until` entries may still come that were recorded before it.
    private static let lateness: Int64 = 10_000_000

    private let service: DirectoryService
    /// The header with the token, which is verified again as the stream goes on.
    private let authorization: String?
    private let interest: FeedInterest
    private var question: FeedPages.Question
    private var page: FeedPage
    /// The position of the log when the stream began.
    let position: Position

    /// Reads the first page, so that whoever may not read the trail is refused before there is a stream.
    /// - Parameter after: where to begin; with what comes from now on if `nil`.
    init(_ request: APIRequest, _ filter: AuditFilter, after: Position?, as format: ServerSentEvents.Format)
        async throws
    {
        service = request.service
        authorization = request.headers.value(of: .authorization)
        var filter = filter
        filter.order = .ascending
        filter.limit = FeedStream.pageSize
        filter.after = after ?? .max
        question = FeedPages.Question(caller: request.caller, filter: filter, format: format)
        page = try await service.feedPages.fresh(question)
        let record = try await request.record(.pages, of: page.organization, filter)
        interest = FeedInterest(filter, request.caller, account: page.account)
        if after == nil {
            // From now on is after the record that the stream begins, which is not news to its reader.
            position = max(page.head, record ?? 0)
            question.filter.after = position
        } else {
            position = page.head
            question.filter.after = page.through
        }
    }

    /// Sends the stream until its client goes, its reader may not read any longer, or the node shuts down.
    ///
    /// It and what it calls are `@concurrent` because the framework's writer, which is not `Sendable`, is.
    @concurrent func send(to writer: inout any ResponseBodyWriter, on channel: any Channel) async throws {
        var stream = self
        let feed = service.feed
        let id = feed.enter(channel)
        defer { feed.leave(id) }
        let presence = try? await channel.pipeline.handler(type: ClientPresence.self).get()
        presence?.whenGone { feed.gone(id) }
        try await writer.write(ServerSentEvents.retry(after: FeedStream.retry))
        do {
            while try await stream.sendPage(to: &writer), try await stream.wait(id, &writer) {}
        } catch let error where FeedStream.endsRights(error) {
            try await writer.write(ServerSentEvents.comment(Problem(error).detail))
        }
        try await writer.finish(nil)
    }

    /// - Returns: whether there may be more to come.
    @concurrent private mutating func sendPage(to writer: inout any ResponseBodyWriter) async throws -> Bool {
        if page.events.readableBytes > 0 { try await writer.write(page.events) }
        guard page.isComplete, let until = question.filter.until else { return true }
        return Instant.now.microseconds < until.microseconds + FeedStream.lateness
    }

    /// Waits for events if there are none yet, and reads the next page.
    /// - Returns: whether the stream goes on.
    @concurrent private mutating func wait(_ id: Int, _ writer: inout any ResponseBodyWriter) async throws -> Bool {
        if page.isComplete {
            switch await service.feed.wait(id, for: interest, after: question.filter.after, page.head) {
            case .events: break
            case .pause(let through):
                question.filter.after = max(question.filter.after, through)
                try await verifyToken()
                try await writer.write(ServerSentEvents.silence)
                page = page.sent
                return true
            case .end: return try await sayGoodbye(&writer)
            }
        } else if service.feed.isEnding {
            return try await sayGoodbye(&writer)
        }
        try await verifyToken()
        do {
            page = try await service.feedPages.page(question, knowing: service.feed.head)
            question.filter.after = page.through
        } catch let error where FeedStream.passes(error) {
            // Nothing is lost: the stream goes on where it is.
            try await Task.sleep(for: .seconds(1))
            try await writer.write(ServerSentEvents.silence)
            page = page.sent
        }
        return true
    }

    /// - Returns: that the stream does not go on.
    @concurrent private func sayGoodbye(_ writer: inout any ResponseBodyWriter) async throws -> Bool {
        try await writer.write(ServerSentEvents.retry(after: FeedStream.retry * Double.random(in: 0.25...1.5)))
        return false
    }

    private func verifyToken() async throws {
        _ = try await service.tokens.verify(authorization, now: Instant.now.seconds)
    }

    /// Whether an error says that the reader may not read any longer.
    private static func endsRights(_ error: any Error) -> Bool { error is Refusal || error is Problem }

    /// Whether the same may succeed in a moment.
    private static func passes(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.isOutage || error.isForeignSchema || error == .deadlineExceeded
    }
}

extension FeedPage {
    /// The page without what has been sent.
    fileprivate var sent: FeedPage {
        FeedPage(
            events: ByteBuffer(), through: through, isComplete: isComplete, head: head, account: account,
            organization: organization)
    }
}
