import Logging
import Synchronization

/// Keeps what is logged at `error` and above.
final class LogRecorder: Sendable {
    private let lines = Mutex<[String]>([])

    var errors: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "recorder") { [self] _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel = Logger.Level.error
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level >= .error else { return }
            recorder.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
