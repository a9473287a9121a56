import DirectoryAPI
import EventSourcing
import Logging

/// Writes the log to stderr, a line at a time.
struct LineLogHandler: LogHandler {
    let label: String
    let format: LogFormat
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider?

    init(label: String, format: LogFormat) {
        self.label = label
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var metadata = metadata
        if let provided = metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let given = event.metadata { metadata.merge(given) { $1 } }
        // Its type alone: the text of an error may contain what a client sent.
        if let error = event.error, metadata["error"] == nil { metadata["error"] = "\(type(of: error))" }
        let line = LogLine(
            time: .now, level: event.level, label: label, message: event.message.description, metadata: metadata)
        Terminal.log(line.bytes(as: format))
    }
}
