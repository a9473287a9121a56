import Directory
import EventSourcing
import FoundationEssentials
import Instruments
import NIOCore
import Postgres
import Synchronization

/// A page of the trail, as it is sent to a stream.
struct FeedPage: Sendable {
    /// The entries as events of a stream, ready to be sent.
    let events: ByteBuffer
    /// Up to where the log has been examined for it.
    let through: Position
    /// Whether that is all there was.
    let isComplete: Bool
    /// The position of the log's last event at that moment.
    let head: Position
    /// The account that reads.
    let account: UUID?
    /// The organization whose trail it is; `nil` where none was named.
    let organization: UUID?
}

/// Reads pages for streams. What several ask for is read once: a thousand tabs of one reader cost one statement.
final class FeedPages: Sendable {
    /// What is asked for: whoever asks the same may read the same.
    struct Question: Hashable, Sendable {
        let caller: Caller
        /// With the position to go on after.
        var filter: AuditFilter
        let format: ServerSentEvents.Format
    }

    private struct State {
        var underWay: [Question: Task<FeedPage, any Error>] = [:]
        /// What was read since the log has had this head, as far as it was all that there was.
        var read: [Question: FeedPage] = [:]
        var head: Position = 0
    }

    /// How many pages are kept until the next event.
    private static let kept = 256

    /// How often a page had been read for another stream, or was being read for one.
    let lookups = CacheLookups()
    private let pool: PostgresPool
    private let state = Mutex(State())

    init(_ pool: PostgresPool) { self.pool = pool }

    /// Reads a page of this very moment.
    /// - Throws: refusals, as described by `AuditRights`; `PostgresError`.
    func fresh(_ question: Question) async throws -> FeedPage {
        let reading = try await AuditTrail(pool).page(question.filter, for: question.caller)
        let page = reading.page
        var events = ByteBuffer()
        for entry in page.entries { ServerSentEvents.write(entry, as: question.format, to: &events) }
        return FeedPage(
            events: events, through: page.next ?? question.filter.after, isComplete: page.isComplete,
            head: page.position, account: page.reader, organization: reading.organization)
    }

    /// Forgets the pages of moments before a position, one at which something was erased.
    func forget(before position: Position) {
        state.withLock { state in
            if state.head < position { (state.head, state.read) = (position, [:]) }
        }
    }

    /// Reads a page, or takes one that has been read since an event, or is being read.
    /// - Parameter head: the position of the last event that the node knows of.
    /// - Throws: as `fresh`.
    func page(_ question: Question, knowing head: Position) async throws -> FeedPage {
        let found: Found = state.withLock { state in
            if state.head < head { (state.head, state.read) = (head, [:]) }
            if let page = state.read[question], page.head >= head {
                lookups.count(found: true)
                return .page(page)
            }
            if let task = state.underWay[question] {
                lookups.count(found: true)
                return .task(task)
            }
            lookups.count(found: false)
            let task = Task {
                let result: Result<FeedPage, any Error>
                do { result = .success(try await fresh(question)) } catch { result = .failure(error) }
                finish(question, result)
                return try result.get()
            }
            state.underWay[question] = task
            return .task(task)
        }
        switch found {
        case .page(let page): return page
        case .task(let task): return try await task.value
        }
    }

    private enum Found {
        case page(FeedPage)
        case task(Task<FeedPage, any Error>)
    }

    private func finish(_ question: Question, _ result: Result<FeedPage, any Error>) {
        state.withLock { state in
            state.underWay[question] = nil
            guard case .success(let page) = result, page.isComplete, page.head >= state.head,
                state.read.count < FeedPages.kept
            else { return }
            state.read[question] = page
        }
    }
}
