import Logging

/// The log as the HTTP server has it: without metadata.
///
/// The server notes an id of its own for each request, which nobody would see (ours is another), and the usual handler formats
/// what is noted at once.
struct ServerLog: LogHandler {
    private var base: any LogHandler

    /// A logger for the server that writes where another writes.
    static func logger(_ logger: Logger) -> Logger {
        Logger(label: logger.label) { _ in ServerLog(base: logger.handler) }
    }

    var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue }
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { base.log(event: event) }
}
