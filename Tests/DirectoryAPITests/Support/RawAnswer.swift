import CanonicalJSON

/// A response as it came over a raw socket.
struct RawAnswer {
    let status: Int
    let headers: [(name: String, value: String)]
    /// What came after the head: of the responses after it too.
    let rest: String

    /// The first response of what came.
    init(_ text: String) {
        status = RawSocket.status(text)
        guard let end = text.firstRange(of: "\r\n\r\n") else {
            (headers, rest) = ([], text)
            return
        }
        headers = text[..<end.lowerBound].split(separator: "\r\n").dropFirst().map { line in
            let pieces = line.split(separator: ":", maxSplits: 1)
            return (String(pieces[0]), pieces.count > 1 ? String(pieces[1].drop { $0 == " " }) : "")
        }
        rest = String(text[end.upperBound...])
    }

    /// The first value of a header.
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// What follows it, where it has a `Content-Length`.
    var next: RawAnswer {
        let length = header("Content-Length").flatMap { Int($0) } ?? 0
        return RawAnswer(String(decoding: Array(rest.utf8.dropFirst(length)), as: UTF8.self))
    }

    /// Whether it is a problem of a connection that ends with it.
    var isLastProblem: Bool {
        let json = try? JSON(parsing: Array(rest.utf8), limits: Limits(maximumDepth: 8, maximumArrayCount: 100))
        return header("Content-Type") == "application/problem+json" && header("X-Request-Id")?.isEmpty == false
            && header("Connection") == "close" && header("Date") != nil
            && json?["status"]?.integer == Int64(status) && json?["detail"]?.string?.isEmpty == false
    }
}
