import Directory
import EventSourcing
import HTTPTypes
import Hummingbird
import NIOCore

extension Reply {
    /// Answers 304 if the client already has this state, and refuses if it requires another one (RFC 9110, section 13.1).
    func checked(against headers: HTTPFields, method: String) throws -> Reply {
        guard method == "GET", let tag else { return self }
        if let condition = headers.value(of: .ifMatch), !Precondition(ifMatch: condition).isMet(by: tag) {
            throw Refusal.changed
        }
        guard let condition = headers.value(of: .ifNoneMatch) else { return self }
        guard !Precondition(ifNoneMatch: condition).isMet(by: tag) else { return self }
        var reply = self
        reply.status = .notModified
        reply.body = .none
        return reply
    }

    /// The reply as an HTTP response.
    func response(_ id: RequestID) -> Response {
        var fields = headers
        // Appended, since looking up an absent field would be the most expensive step here.
        if fields.isEmpty || fields[.cacheControl] == nil {
            fields.append(HTTPField(name: .cacheControl, value: "private, no-cache"))
        }
        fields.append(HTTPField(name: .requestID, value: id.text))
        if let tag { fields.append(HTTPField(name: .eTag, value: tag.description)) }
        if let position { fields.append(HTTPField(name: .directoryPosition, value: String(position))) }
        switch body {
        case .none: return Response(status: status, headers: fields)
        case .json(let bytes):
            fields.append(HTTPField(name: .contentType, value: "application/json"))
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .bytes(let bytes, let contentType):
            fields[.contentType] = contentType
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .array(let first, let more):
            fields[.contentType] = "application/json"
            return Response(status: status, headers: fields, body: Reply.stream(first, more))
        }
    }

    private static func stream(_ first: [[UInt8]], _ more: ListPages?) -> ResponseBody {
        guard let more else {
            var buffer = ByteBuffer()
            write(first, isFirst: true, to: &buffer)
            buffer.writeString("]")
            return ResponseBody(byteBuffer: buffer)
        }
        return ResponseBody { writer in
            var buffer = ByteBuffer()
            write(first, isFirst: true, to: &buffer)
            try await writer.write(buffer)
            var cursor: ListCursor? = more.cursor
            while let behind = cursor {
                let page = try await more.fetch(behind)
                buffer.clear()
                write(page.elements, isFirst: false, to: &buffer)
                try await writer.write(buffer)
                cursor = page.next
            }
            try await writer.write(ByteBuffer(string: "]"))
            try await writer.finish(nil)
        }
    }

    private static func write(_ elements: [[UInt8]], isFirst: Bool, to buffer: inout ByteBuffer) {
        if isFirst { buffer.writeString("[") }
        for (index, element) in elements.enumerated() {
            if !isFirst || index > 0 { buffer.writeString(",") }
            buffer.writeBytes(element)
        }
    }
}

extension Problem {
    /// The problem as an HTTP response.
    func response(_ id: RequestID) -> Response {
        var fields = headers
        fields[.requestID] = id.text
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "private, no-cache"
        return Response(
            status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json(instance: id.uuid))))
    }
}
