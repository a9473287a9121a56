import EventSourcing
import HTTPTypes

/// Where a request belongs in a distributed trace: the value of the header `traceparent` (W3C Trace Context, levels 1 and 2).
struct TraceParent: Sendable, Equatable {
    /// The trace: 32 hexadecimal digits.
    let trace: String
    /// The operation in it that sends the value: 16 hexadecimal digits.
    let parent: String
    /// What the specification defines: that the trace is recorded (1), and that its id is random (2).
    let flags: UInt8

    static let example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private static let definedFlags: UInt8 = 0b11

    private init(trace: String, parent: String, flags: UInt8) {
        (self.trace, self.parent, self.flags) = (trace, parent, flags)
    }

    /// Reads a value; `nil` where it is not one, and so has to be ignored.
    ///
    /// Of a version that is not known yet the known part is read, which each later version has to begin with.
    init?(_ value: String) {
        let bytes = Array(value.utf8.prefix(TraceParent.length + 1))
        guard bytes.count >= TraceParent.length, bytes[2] == TraceParent.dash, bytes[35] == TraceParent.dash,
            bytes[52] == TraceParent.dash, let version = TraceParent.byte(bytes[0..<2]), version != 0xFF,
            let flags = TraceParent.byte(bytes[53..<55])
        else { return nil }
        if bytes.count > TraceParent.length {
            guard version > 0, bytes[TraceParent.length] == TraceParent.dash else { return nil }
        }
        let (trace, parent) = (bytes[3..<35], bytes[36..<52])
        guard TraceParent.isID(trace), TraceParent.isID(parent) else { return nil }
        self.init(
            trace: String(decoding: trace, as: UTF8.self), parent: String(decoding: parent, as: UTF8.self),
            flags: flags & TraceParent.definedFlags)
    }

    /// The value in the form of the version that is known here, 00.
    var text: String { "00-\(trace)-\(parent)-0\(flags)" }

    /// The same trace, as an operation of ours passes it on: under an id of its own.
    func child(id: UInt64 = .random(in: 1 ... .max)) -> TraceParent {
        let digits = String(id, radix: 16)
        let parent = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return TraceParent(trace: trace, parent: parent, flags: flags)
    }

    /// How long a value of version 00 is.
    private static let length = 55
    private static let dash = UInt8(ascii: "-")

    /// Whether all are hexadecimal digits in lower case, and not all are zero.
    private static func isID(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.allSatisfy { digit(of: $0) != nil } && digits.contains { $0 != UInt8(ascii: "0") }
    }

    private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        digits.reduce(0 as UInt8?) { value, next in
            guard let value, let digit = digit(of: next) else { return nil }
            return value << 4 | digit
        }
    }

    private static func digit(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// The trace of a request: as its client sent it, and as it is given back.
struct RequestTrace: Sendable {
    let received: TraceParent
    /// What the response says: the same trace, under the id of what is done here.
    let own: TraceParent

    /// `nil` where the request has no valid `traceparent`. Then none is given back either: nothing here records what a new trace
    /// would refer to, and the request has its id.
    init?(_ headers: HTTPFields) {
        guard let value = headers.value(of: .traceparent), let received = TraceParent(value) else { return nil }
        self.received = received
        own = received.child()
    }
}

extension HTTPField.Name {
    static let traceparent = HTTPField.Name("traceparent")!
}
