import Console
import Crypto
import Directory
import FoundationEssentials
import HTTPTypes

/// The console at `/console`, and the way there from `/`. It is no operation of the API: it is pages that use the API.
enum ConsoleSite {
    /// What is served at an address.
    private struct File: Sendable {
        let bytes: [UInt8]
        let contentType: String
        let tag: String

        init(_ name: String, _ bytes: [UInt8]) {
            self.bytes = bytes
            contentType = ConsoleSite.contentType(of: name)
            tag = "\"\(Data(SHA256.hash(data: bytes).prefix(12)).base64EncodedString())\""
        }
    }

    private static let root = "/console"
    private static let files: [String: File] = {
        var files = [root: File("console.html", ConsoleFiles.page)]
        for (name, bytes) in ConsoleFiles.all { files["\(root)/\(name)"] = File(name, bytes) }
        return files
    }()

    /// Answers a request for a path that no operation has.
    /// - Throws: `Problem`, where nothing is there either, or the method is another one than GET or HEAD.
    static func answer(_ method: String, _ path: String, _ headers: HTTPFields) throws -> APIResponse {
        let place = places[path]
        let file = files[path]
        guard place != nil || file != nil else { throw Problem.unknownPath }
        guard method == "GET" || method == "HEAD" else { throw Problem.wrongMethod(allowed: ["GET", "HEAD"]) }
        if let place {
            return APIResponse(status: .found, body: .none, headers: [.location: place, .cacheControl: "no-cache"])
        }
        guard let file else { throw Problem.unknownPath }
        var answer = APIResponse(
            body: .bytes(file.bytes, contentType: file.contentType),
            headers: [
                .eTag: file.tag, .cacheControl: "no-cache", .contentSecurityPolicy: policy,
                .xContentTypeOptions: "nosniff", .referrerPolicy: "no-referrer",
            ])
        if let known = headers.value(of: .ifNoneMatch), isNamed(file.tag, in: known) {
            answer.status = .notModified
            answer.body = .none
        }
        return answer
    }

    /// Where other paths lead to, relative to themselves: a proxy may serve all this below a path of its own.
    private static let places = ["/": "console", "\(root)/": "../console"]

    /// What the pages may do: use the files next to them, and send requests to this service.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'
        """

    private static func contentType(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/html; charset=utf-8"
        }
    }

    /// Whether `If-None-Match` names a tag.
    private static func isNamed(_ tag: String, in known: String) -> Bool {
        switch Precondition(ifNoneMatch: known) {
        case .otherThan(let tags): tags.contains(tag)
        case .absent: true
        case .exists, .tags: false
        }
    }
}
