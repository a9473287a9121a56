import Logging
import Synchronization

/// Keeps what is logged at a level and above.
final class LogRecorder: Sendable {
    private let level: Logger.Level
    private let kept = Mutex<[String]>([])

    init(from level: Logger.Level = .error) { self.level = level }

    var lines: [String] { kept.withLock { $0 } }

    var logger: Logger {
        var logger = Logger(label: "recorder") { [self] _ in Handler(recorder: self, logLevel: level) }
        logger.logLevel = level
        return logger
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            guard event.level >= recorder.level else { return }
            recorder.kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
