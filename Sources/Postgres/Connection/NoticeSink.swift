import CLibPQ
import Logging

/// Leads the server's notices to the log instead of standard error.
final class NoticeSink {
    private let logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// The sink must outlive the connection.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeProcessor(
            connection,
            { sink, message in
                guard let sink, let message else { return }
                let text = String(cString: message).trimmed
                Unmanaged<NoticeSink>.fromOpaque(sink).takeUnretainedValue().logger.debug("postgres: \(text)")
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
