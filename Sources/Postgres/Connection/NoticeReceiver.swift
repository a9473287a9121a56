import CLibPQ
import Logging

/// Sends the server's notices to the log instead of standard error.
final class NoticeReceiver {
    private let logger: Logger
    /// Why the server ended the connection, if it said so while nothing was under way: libpq takes that for a notice.
    private(set) var fatalMessage: String?

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// The receiver must outlive the connection.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { receiver, result in
                guard let receiver, let result else { return }
                Unmanaged<NoticeReceiver>.fromOpaque(receiver).takeUnretainedValue().take(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func take(_ result: OpaquePointer) {
        let notice = ServerError(result, step: nil)
        let text = "\(notice.sqlState): \(notice.message)"
        if ServerError.isFatal(result) { fatalMessage = text }
        logger.debug("postgres: \(text)")
    }
}
