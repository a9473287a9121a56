import Foundation

/// A page of documentation that is made from declarations.
package struct GeneratedPage {
    private let file: URL
    private let text: String

    /// - Parameter path: from the root of the repository.
    package init(_ path: String, text: String) {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        file = root.appendingPathComponent(path)
        self.text = text
    }

    /// Whether the file is what the declarations say. Where it is not, and `DIRECTORY_WRITE_DOCS` is set, it is written:
    /// the answer is still no, so that only a run that had nothing to write passes.
    package func isCurrent() throws -> Bool {
        let current = try String(decoding: Data(contentsOf: file), as: UTF8.self)
        if current.utf8.elementsEqual(text.utf8) { return true }
        if ProcessInfo.processInfo.environment["DIRECTORY_WRITE_DOCS"] != nil { try Data(text.utf8).write(to: file) }
        return false
    }
}
