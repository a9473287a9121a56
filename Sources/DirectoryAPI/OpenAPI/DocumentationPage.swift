import Crypto
import FoundationEssentials
import HTTPTypes

/// The page at `/docs`: it fetches `openapi.json` from next to it, and nothing from anywhere else.
enum DocumentationPage {
    /// The page, with the headers that enforce this.
    static let reply = APIResponse(
        body: .bytes(Array(html.utf8), contentType: "text/html; charset=utf-8"),
        headers: [
            .cacheControl: "no-cache", .contentSecurityPolicy: policy, .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer",
        ])

    private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
    private static let script = String(decoding: PackageResources.page_js, as: UTF8.self)

    /// The markup, with style and script inlined.
    static let html = String(decoding: PackageResources.page_html, as: UTF8.self)
        .replacing("{{style}}", with: style).replacing("{{script}}", with: script)

    /// What the page may do: use its own script and style, identified by their hashes (Content Security Policy Level 3,
    /// section 2.3.1), and send requests to this service.
    static let policy = """
        default-src 'none'; script-src \(hash(of: script)); style-src \(hash(of: style)); connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static func hash(of text: String) -> String {
        "'sha256-\(Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString())'"
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
}
