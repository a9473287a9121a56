import Hummingbird
import HummingbirdCore
import Instruments
import Logging
import NIOCore
import NIOHTTP1

/// An HTTP/1.1 channel whose requests are handled on the event loop of their connection: on the global executor each would
/// change threads twice, which costs as much as handling it.
struct EventLoopChannel: ServerChildChannel {
    let http: HTTP1Channel
    /// Counts requests that are refused because they are not HTTP.
    let malformed: Counter

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(ConformanceHandler(malformed: malformed), position: .after(decoder))
            try pipeline.addHandler(ClientPresence(), position: .first)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(loop: value.channel.eventLoop)) {
            await http.handle(value: value, logger: logger)
        }
    }
}

/// Runs tasks on an event loop.
private final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
