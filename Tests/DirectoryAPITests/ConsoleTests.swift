import Console
import Foundation
import HTTPTypes
import Testing

@testable import DirectoryAPI

/// How the console is served, and what it is made of. What it does is tested in a browser, by `Tests/Console`.
@Suite struct ConsoleTests {
    /// The folder of the console's files.
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources/Console")

    private static var scripts: [(name: String, text: String)] {
        ConsoleFiles.all.filter { $0.key.hasSuffix(".js") }.map { ($0.key, String(decoding: $0.value, as: UTF8.self)) }
    }

    @Test func `The page and its files are served with a policy that lets in nothing from elsewhere`() async throws {
        let server = try await Server.shared
        for (path, type) in [
            ("/console", "text/html; charset=utf-8"), ("/console/app.js", "text/javascript; charset=utf-8"),
            ("/console/base.css", "text/css; charset=utf-8"), ("/console/icon.svg", "image/svg+xml"),
        ] {
            let answer = try await server.send("GET", path, as: nil)
            #expect(answer.status == 200, "\(path)")
            #expect(answer.header("Content-Type") == type)
            #expect(answer.header("X-Content-Type-Options") == "nosniff")
            let policy = try #require(answer.header("Content-Security-Policy"))
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'"))
            #expect(!policy.contains("unsafe"))
            let head = try await server.send("HEAD", path, as: nil)
            #expect(head.status == 200 && head.body.isEmpty)
            #expect(head.header("Content-Length") == String(answer.body.count))
        }
    }

    @Test func `A file that the browser has is not sent again`() async throws {
        let server = try await Server.shared
        let tag = try #require(try await server.send("GET", "/console/app.js", as: nil).header("ETag"))
        for known in [tag, "W/\(tag)", "\"other\" , \(tag)", "*"] {
            let again = try await server.send("GET", "/console/app.js", as: nil, headers: ["If-None-Match": known])
            #expect(again.status == 304 && again.body.isEmpty, "\(known)")
        }
        let other = try await server.send("GET", "/console/app.js", as: nil, headers: ["If-None-Match": "\"other\""])
        #expect(other.status == 200)
    }

    @Test func `Other paths are unknown, and other methods are not allowed`() async throws {
        let server = try await Server.shared
        for path in ["/console/none.js", "/console/console.html", "/console/../console", "/consoles"] {
            #expect(throws: Problem.self) { try ConsoleSite.answer("GET", path, [:]) }
        }
        #expect(try await server.send("GET", "/console/none.js", as: nil).status == 404)
        let post = try await server.send("POST", "/console", as: nil)
        #expect(post.status == 405)
        #expect(post.header("Allow") == "GET, HEAD")
    }

    @Test func `The root leads to the console`() throws {
        for (path, place) in [("/", "console"), ("/console/", "../console")] {
            let answer = try ConsoleSite.answer("GET", path, [:])
            #expect(answer.status == .found)
            #expect(answer.headers[.location] == place)
        }
    }

    @Test func `Every file in the folder is served, and no other`() throws {
        var names: Set<String> = []
        for part in ["Page", "Core", "Parts", "Views"] {
            names.formUnion(
                try FileManager.default.contentsOfDirectory(atPath: Self.folder.appendingPathComponent(part).path))
        }
        #expect(names == Set(ConsoleFiles.all.keys).union(["console.html"]))
    }

    @Test func `Modules import what is there, by what it exports`() throws {
        let scripts = Dictionary(uniqueKeysWithValues: Self.scripts)
        for (name, text) in Self.scripts {
            for found in text.matches(of: /import (?:\{ ([^}]*) \}|\* as \w+) from "\.\/([^"]+)";/) {
                let imported = try #require(scripts[String(found.2)], "\(name) imports \(found.2)")
                for word in (found.1 ?? "").split(separator: ", ") {
                    #expect(
                        imported.contains("export const \(word) ") || imported.contains("export class \(word) "),
                        "\(name) imports \(word) of \(found.2)")
                }
            }
        }
    }

    @Test func `It is small, in small files, and names no other place`() throws {
        let all = ConsoleFiles.all.merging(["console.html": ConsoleFiles.page]) { first, _ in first }
        #expect(all.values.reduce(0) { $0 + $1.count } < 150_000)
        for (name, bytes) in all {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 251, "\(name)")
            let rest = text.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!rest.contains("http://") && !rest.contains("https://") && !rest.contains("url("), "\(name)")
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                #expect(!rest.contains(word), "\(name) has \(word)")
            }
        }
    }
}
