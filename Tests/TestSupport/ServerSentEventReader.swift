/// Takes a stream of server-sent events apart, as a browser does.
package struct ServerSentEventReader: Sendable {
    package struct Event: Sendable, Equatable {
        package let name: String
        package let id: Int64?
        package let data: String
    }

    /// What the stream says to wait before connecting again, in milliseconds.
    package private(set) var retries: [Int] = []
    package private(set) var comments: [String] = []
    private var bytes: [UInt8] = []

    package init() {}

    /// The events that are whole with these bytes.
    package mutating func take(_ more: some Sequence<UInt8>) -> [Event] {
        bytes += more
        var events: [Event] = []
        var start = 0
        var place = 1
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "\n"), bytes[place - 1] == UInt8(ascii: "\n") {
                if let event = read(String(decoding: bytes[start..<place], as: UTF8.self)) { events.append(event) }
                start = place + 1
                place += 1
            }
            place += 1
        }
        bytes.removeFirst(start)
        return events
    }

    private mutating func read(_ block: String) -> Event? {
        var fields: [String: String] = [:]
        for line in block.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            switch parts[0] {
            case "": comments.append(value)
            case "retry": retries += [Int(value)].compactMap(\.self)
            default: fields[String(parts[0])] = value
            }
        }
        return fields["data"].map {
            Event(name: fields["event"] ?? "", id: fields["id"].flatMap { Int64($0) }, data: $0)
        }
    }
}
