import CLibPQ
import Logging

/// Leads the server's notices to the log instead of standard error.
final class NoticeSink {
    private let logger: Logger
    /// Why the server ended the connection, if it said so while nothing was under way: libpq takes that for a notice.
    private(set) var farewell: String?

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// The sink must outlive the connection.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { sink, result in
                guard let sink, let result else { return }
                Unmanaged<NoticeSink>.fromOpaque(sink).takeUnretainedValue().take(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func take(_ result: OpaquePointer) {
        let notice = ServerError(result, step: nil)
        let text = "\(notice.sqlState): \(notice.message)"
        if ServerError.isFatal(result) { farewell = text }
        logger.debug("postgres: \(text)")
    }
}
