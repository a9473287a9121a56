import Logging

/// The HTTP server's log handler, which drops metadata.
///
/// The server adds its own id for each request as metadata, which is of no use here (the service has its own request ids), and
/// the usual handler would format that metadata at once.
struct ServerLog: LogHandler {
    private var base: any LogHandler

    /// A logger for the server that writes to the same place as `logger`.
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

extension Logger {
    /// The same, for a group of services: at the level `debug` a group would log the services with all that they hold, their keys too.
    public var withoutDetails: Logger {
        var logger = self
        logger.logLevel = max(logLevel, .info)
        return logger
    }
}
