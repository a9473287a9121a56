import Directory
import EventSourcing
import Foundation
import Testing

@testable import DirectoryAPI

extension FuzzTests {
    private static let urls = Mutator(
        [
            "https://hooks.acme.example/directory?a=b%20c", "http://10.0.0.7:8080/x", "https://[::1]:8443/",
            "https://[64:ff9b::7f00:1]", "https://a_b.example?x", "https://xn--bcher-kva.example/@/:",
            "https://169.254.169.254/latest/meta-data/", "https://0x7f.1/", "https://2130706433/",
        ],
        [
            "@", ":", "/", "//", "?", "#", "%", "%2f", "%00", "[", "]", "\\", ".", "..", "0x", "127.1", "::", "\u{0}",
            "。",
        ])

    @Test func `URLs of webhooks: what is checked is what is requested`() async throws {
        try await Fuzz("webhook urls").run({ Self.urls.text(&$0) }) { text in
            guard let url = WebhookURL(text) else { return false }
            let again = WebhookURL(url.requested)
            try hold(again?.requested == url.requested, "the form that is requested is its own")
            try hold(again?.host == url.host && again?.port == url.port, "it has the same host")
            try hold(again?.isSecure == url.isSecure, "it has the same scheme")
            // As the HTTP client reads it.
            let parsed = URL(string: url.requested)
            let host = parsed?.host()?.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
            try hold(host == url.host, "everybody reads the same host: \(host ?? "none")")
            try hold(parsed?.port == url.port, "everybody reads the same port")
            try hold(parsed?.scheme == (url.isSecure ? "https" : "http"), "everybody reads the same scheme")
            try hold(parsed?.user() == nil && parsed?.fragment() == nil, "there is neither a user nor a fragment")
            try hold(url.address?.description ?? url.host == url.host, "an address is in the form that is requested")
            return true
        }
    }

    private static let retries = Mutator(
        [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "120",
            "86400",
            "Fri, 31 Dec 9999 23:59:60 GMT", "99999999999999999999",
        ], ["-", ":", ",", " ", "  ", "GMT", "Feb", "29", "00", "2000", "+1", "0"])

    @Test func `Times at which receivers want to be asked again: what is read is written as the same`() async throws {
        let now = Instant(microseconds: 1_795_503_600_000_000), day = now.advanced(byMicroseconds: 86_400_000_000)
        try await Fuzz("retry after").run({ Self.retries.text(&$0) }) { text in
            guard let instant = RetryAfter.instant(text, now: now) else { return false }
            let next = WebhookSchedule.nextAttempt(after: 1, since: now, now: now, notBefore: instant, jitter: 0)
            try hold(next.map { $0 > now && $0 <= day } == true, "it is asked again within a day")
            try hold(next.map { $0 >= min(instant, day) } == true, "it is not asked before")
            if instant.microseconds >= 0 {
                let written = HTTPDate.text(of: instant)
                try hold(RetryAfter.instant(written, now: now) == instant, "it is written as the same: \(written)")
            }
            return true
        }
    }
}
