import DequeModule
import NIOHTTP1

/// What a connection does with the parts of its requests and responses: which are passed on, what is refused, and when it ends.
///
/// A value without I/O: `ConformanceHandler` tells it what comes and does what it answers.
struct ConnectionState {
    /// What becomes of a part of a request.
    enum Inbound {
        case pass
        case drop
        /// The head is passed on, and says that the connection ends with it.
        case passAsLast
        /// Nothing of this message or those after it is passed on; refused when all before it are answered.
        case refuse(String)
    }

    /// What becomes of an error of the decoder.
    enum Fault {
        case ignore
        /// The service learns that the body will never be whole.
        case breakBody
        /// There was no head: refused when all before it are answered.
        case refuse
        /// The response is complete: there is nobody to tell.
        case end
    }

    /// How the head of a response is sent.
    struct ResponseForm {
        /// Whether it says `Connection: close`.
        var endsConnection = false
        var isHTTP10 = false
    }

    private struct Pending {
        let isHead: Bool
        let isHTTP10: Bool
    }

    private enum Reading {
        case head, body
        /// Whatever else comes is dropped.
        case nothing
    }

    private var reading = Reading.head
    /// The requests that were passed on and whose responses have not ended, oldest first.
    private var pending = Deque<Pending>()
    /// Whether no request is taken after those pending.
    private var isEnding = false
    /// Whether the last request's client waits for `100 Continue`.
    private var awaitsContinue = false

    /// Whether every request that was passed on is answered.
    var isAnswered: Bool { pending.isEmpty }

    /// Whether everything has been said.
    var isOver: Bool { isEnding && pending.isEmpty }

    /// Whether the response under way is one to HEAD.
    var answersHead: Bool { pending.first?.isHead ?? false }

    // MARK: Requests

    mutating func received(_ head: HTTPRequestHead) -> Inbound {
        guard case .head = reading else { return .drop }
        let framing = RequestFraming(head)
        if let fault = framing.fault {
            refuse()
            return .refuse(fault)
        }
        pending.append(Pending(isHead: head.method == .HEAD, isHTTP10: head.version.minor == 0))
        reading = .body
        awaitsContinue = framing.expectsContinue
        isEnding = framing.endsConnection
        return isEnding ? .passAsLast : .pass
    }

    /// A part of the body has come: its client does not wait for a word any longer.
    mutating func receivedBody() -> Inbound {
        guard case .body = reading else { return .drop }
        awaitsContinue = false
        return .pass
    }

    mutating func receivedEnd() -> Inbound {
        guard case .body = reading else { return .drop }
        awaitsContinue = false
        reading = isEnding ? .nothing : .head
        return .pass
    }

    /// The decoder cannot go on.
    mutating func failed() -> Fault {
        switch reading {
        case .nothing: return .ignore
        case .head:
            refuse()
            return .refuse
        case .body:
            refuse()
            return pending.isEmpty ? .end : .breakBody
        }
    }

    private mutating func refuse() {
        reading = .nothing
        isEnding = true
    }

    /// The service is about to read the body.
    /// - Returns: whether its client has to be told to send it.
    mutating func continues() -> Bool {
        guard awaitsContinue, pending.count == 1 else { return false }
        awaitsContinue = false
        return true
    }

    // MARK: Responses

    mutating func respond() -> ResponseForm {
        if awaitsContinue, pending.count == 1 {
            // The client may send the body all the same, or not: what it sends next cannot be told from it.
            awaitsContinue = false
            refuse()
        }
        return ResponseForm(
            endsConnection: isEnding && pending.count == 1, isHTTP10: pending.first?.isHTTP10 ?? false)
    }

    mutating func responded() { _ = pending.popFirst() }
}
