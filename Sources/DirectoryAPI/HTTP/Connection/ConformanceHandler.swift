import EventSourcing
import HTTPTypes
import Instruments
import NIOCore
import NIOHTTP1

/// Holds a connection to RFC 9112 where the HTTP library does not: what cannot be understood is refused with a problem, and the
/// connection ends when it should.
///
/// It comes right after the decoder, since only there is the version of a request known.
final class ConformanceHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// What is triggered on a channel when the body of a request is about to be read.
    struct BodyIsAwaited: Sendable {}

    /// How long the client has to read the last response before the connection is cut: to close it at once would take back
    /// what the client has not read yet (RFC 9112, section 9.6).
    private static let linger = TimeAmount.seconds(2)

    /// Counts what is refused here.
    private let malformed: Counter
    private var state = ConnectionState()
    /// The refusal of what came last, to be sent when all before it is answered.
    private var refusal: (problem: Problem, id: RequestID)?
    private var isClosing = false
    private var cut: Scheduled<Void>?

    init(malformed: Counter) { self.malformed = malformed }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(var head):
            switch state.received(head) {
            case .pass: context.fireChannelRead(data)
            case .passAsLast:
                head.headers.replaceOrAdd(name: "Connection", value: "close")
                context.fireChannelRead(wrapInboundOut(.head(head)))
            case .drop: break
            case .refuse(let fault): refuse(.invalid(fault), head, context)
            }
        case .body: if case .pass = state.receivedBody() { context.fireChannelRead(data) }
        case .end: if case .pass = state.receivedEnd() { context.fireChannelRead(data) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError || error is ByteToMessageDecoderError else {
            return context.fireErrorCaught(error)
        }
        switch state.failed() {
        case .ignore: break
        case .breakBody: context.fireErrorCaught(IncompleteBody())
        case .refuse: refuse(.malformed(error), nil, context)
        case .end: end(context)
        }
    }

    private func refuse(_ problem: Problem, _ head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
        malformed.add()
        let id = RequestID(header: head?.headers["X-Request-Id"].first, at: .now)
        refusal = (problem, id)
        if state.isAnswered { sendRefusal(context) }
    }

    private func sendRefusal(_ context: ChannelHandlerContext) {
        guard let (problem, id) = refusal else { return }
        refusal = nil
        let (head, body) = problem.parts(id)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    // MARK: Responses

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isClosing {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            let form = state.respond()
            guard form.endsConnection || form.isHTTP10 else { return context.write(data, promise: promise) }
            if form.endsConnection { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            // So that the encoder does not send it in chunks, which such a client does not know.
            if form.isHTTP10 { head.version = .http1_0 }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            if state.answersHead { writeNothing(context, promise) } else { context.write(data, promise: promise) }
        case .end:
            // After a response to HEAD the encoder would send the last chunk of a body that is not there.
            if state.answersHead { writeNothing(context, promise) } else { context.write(data, promise: promise) }
            state.responded()
            guard state.isOver else { return }
            if refusal == nil { end(context) } else { sendRefusal(context) }
        }
    }

    /// Keeps promises in order.
    private func writeNothing(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: promise)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsAwaited else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if !isClosing, state.continues() {
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        }
        promise?.succeed()
    }

    // MARK: The end

    /// Says that nothing more will be sent, and drops what still comes until the client has closed its side too.
    private func end(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        context.flush()
        context.close(mode: .output, promise: nil)
        cut = context.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: ConformanceHandler.linger) {
            context.close(mode: .all, promise: nil)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard isClosing else { return context.close(mode: mode, promise: promise) }
        switch mode {
        case .input: context.close(mode: mode, promise: promise)
        case .output: promise?.succeed()
        case .all: if let promise { context.channel.closeFuture.cascade(to: promise) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        cut?.cancel()
        context.fireChannelInactive()
    }
}

/// The body of a request is not what its framing says, or did not come whole.
struct IncompleteBody: Error {}
