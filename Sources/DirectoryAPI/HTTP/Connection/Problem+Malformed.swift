import HTTPTypes
import NIOHTTP1

extension Problem {
    /// What the decoder does not understand.
    static func malformed(_ error: any Error) -> Problem {
        let detail =
            switch error as? HTTPParserError {
            case .headerOverflow: "The request line or the header fields are too large."
            case .invalidMethod: "The method is not one of HTTP."
            case .invalidURL: "The target is malformed."
            case .invalidVersion: "The version must be HTTP/1.1 or HTTP/1.0."
            case .invalidHeaderToken: "A header field is malformed."
            case .invalidContentLength, .unexpectedContentLength: "Content-Length is malformed, or not to be there."
            case .invalidEOFState: "The request ended too early."
            default: "The request is not one of HTTP/1.1 (RFC 9112)."
            }
        return .invalid(detail)
    }

    /// A body whose framing is malformed, or that did not come whole.
    static let incompleteBody = Problem.invalid("The body ended too early, or its framing is malformed.")

    /// The problem as the last message of a connection, without the server that would finish its head.
    func parts(_ id: RequestID) -> (head: HTTPResponseHead, body: [UInt8]) {
        let response = response(id)
        let body = json(instance: id.uuid)
        var headers = HTTPHeaders(response.headers.map { ($0.name.rawName, $0.value) })
        headers.add(name: "Connection", value: "close")
        headers.add(name: "Date", value: HTTPDate.text(of: .now))
        headers.add(name: "Server", value: DirectoryServer.name)
        return (
            HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: response.status.code), headers: headers), body
        )
    }
}
