import Directory
import EventSourcing
import HTTPTypes
import Hummingbird
import NIOCore

extension APIResponse {
    /// Answers 304 if the client already has this state, and refuses if it requires another one (RFC 9110, section 13.1).
    func checked(against headers: HTTPFields) throws -> APIResponse {
        guard let tag else { return self }
        if let condition = headers.value(of: .ifMatch), !Precondition(ifMatch: condition).isMet(by: tag) {
            throw Refusal.changed
        }
        guard let condition = headers.value(of: .ifNoneMatch) else { return self }
        guard !Precondition(ifNoneMatch: condition).isMet(byWhatIsShownUnder: tag) else { return self }
        var reply = self
        reply.status = .notModified
        reply.body = .none
        return reply
    }

    /// The reply as an HTTP response.
    /// - Parameter channel: the connection on which it is sent.
    func response(_ id: RequestID, on channel: any Channel) -> Response {
        var fields = headers
        // These, and what the server adds.
        fields.reserveCapacity(fields.count + 10)
        // Appended, since looking up an absent field would be the most expensive step here.
        if fields.isEmpty || fields[.cacheControl] == nil { fields.append(APIResponse.isNotCached) }
        fields.append(HTTPField(name: .requestID, value: id.text))
        if let tag { fields.append(HTTPField(name: .eTag, value: tag.description)) }
        if let position { fields.append(HTTPField(name: .directoryPosition, value: String(position))) }
        if let time { fields.append(HTTPField(name: .directoryAsOf, value: time.description)) }
        switch body {
        case .none: return Response(status: status, headers: fields)
        case .json(let bytes):
            fields.append(APIResponse.isJSON)
            fields.append(HTTPField(name: .contentLength, value: String(bytes.count)))
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .bytes(let bytes, let contentType):
            fields[.contentType] = contentType
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .elements(let joined):
            fields[.contentType] = "application/json"
            return Response(status: status, headers: fields, body: APIResponse.array(joined))
        case .list(let first, let stream):
            fields[.contentType] = "application/json"
            return Response(status: status, headers: fields, body: APIResponse.body(first, stream))
        case .export(let first, let export):
            fields[.contentType] = export.contentType
            return Response(status: status, headers: fields, body: APIResponse.body(first, export))
        case .stream(let stream):
            fields[.contentType] = ServerSentEvents.contentType
            let body = ResponseBody { try await stream.send(to: &$0, on: channel) }
            return Response(status: status, headers: fields, body: body)
        }
    }

    private static let isNotCached = HTTPField(name: .cacheControl, value: "private, no-cache")
    private static let isJSON = HTTPField(name: .contentType, value: "application/json")

    private static func array(_ elements: [UInt8]) -> ResponseBody {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(elements.count + 2)
        buffer.writeString("[")
        buffer.writeBytes(elements)
        buffer.writeString("]")
        return ResponseBody(byteBuffer: buffer)
    }

    /// Each page is read while the one before it is rendered and sent: a client that reads slowly holds up to two pages, and no
    /// connection.
    private static func body(_ first: ListPage, _ stream: ListStream) -> ResponseBody {
        ResponseBody { writer in
            var page = first
            var isFirst = true
            var size = ListStream.sizes.first
            try await writer.write(ByteBuffer(string: "["))
            while true {
                let next = page.next
                let larger = min(size * 4, ListStream.sizes.largest)
                async let following = next == nil ? nil : stream.page(after: next ?? .start, size: larger)
                let json = try await page.rows.rendered()
                if !json.isEmpty {
                    if !isFirst { try await writer.write(ByteBuffer(string: ",")) }
                    try await writer.write(ByteBuffer(bytes: json))
                    isFirst = false
                }
                guard let read = try await following else { break }
                (page, size) = (read, larger)
            }
            try await writer.write(ByteBuffer(string: "]"))
            try await writer.finish(nil)
        }
    }
}

extension APIResponse {
    /// As that of a list.
    private static func body(_ first: AuditExport.Page, _ export: AuditExport) -> ResponseBody {
        ResponseBody { writer in
            var page = first
            while true {
                let next = page.next
                async let following = next == nil ? nil : export.page(after: next ?? 0)
                if !page.bytes.isEmpty { try await writer.write(ByteBuffer(bytes: page.bytes)) }
                guard let read = try await following else { break }
                page = read
            }
            try await writer.finish(nil)
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

extension Response {
    /// The response to HEAD: with the length of the body that GET has, where it is known.
    var withoutBody: Response {
        var head = createHeadResponse()
        if body.contentLength == nil { head.headers[.contentLength] = nil }
        return head
    }
}
