import EventSourcing
import Logging

/// A line of the log. Whatever its texts contain, it is one line, and does nothing to a terminal that shows it.
struct LogLine {
    let time: Instant
    let level: Logger.Level
    let label: String
    let message: String
    let metadata: Logger.Metadata

    /// The line in a format, with its line feed.
    func bytes(as format: LogFormat) -> [UInt8] {
        var line: [UInt8] = []
        switch format {
        case .text: writeText(to: &line)
        case .json: writeJSON(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// `2026-11-24T07:00:00.123456Z info directory: the message, name=value`.
    private func writeText(to line: inout [UInt8]) {
        line += "\(time) \(level) ".utf8
        LogText.write(label, to: &line)
        line += ": ".utf8
        LogText.write(message, to: &line)
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line.append(UInt8(ascii: " "))
            LogText.write("\(name)=\(value)", to: &line)
        }
    }

    private func writeJSON(to line: inout [UInt8]) {
        line += #"{"time":"\#(time)","level":"\#(level)","label":"#.utf8
        LogText.writeQuoted(label, to: &line)
        line += #","message":"#.utf8
        LogText.writeQuoted(message, to: &line)
        line += #","metadata":"#.utf8
        LogLine.write(.dictionary(metadata), to: &line)
        line.append(UInt8(ascii: "}"))
    }

    private static func write(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text): LogText.writeQuoted(text, to: &line)
        case .stringConvertible(let value): LogText.writeQuoted(value.description, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                write(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let members):
            line.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                LogText.writeQuoted(member.key, to: &line)
                line.append(UInt8(ascii: ":"))
                write(member.value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }
}
