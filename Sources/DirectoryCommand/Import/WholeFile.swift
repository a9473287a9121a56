import Foundation

/// A file that is read at once; `-` is stdin.
enum WholeFile {
    /// The bytes of the file at a path.
    /// - Throws: `Failure` that says why it cannot be read.
    static func bytes(at path: String) throws -> [UInt8] {
        do {
            return Array(
                try path == "-"
                    ? FileHandle.standardInput.readToEnd() ?? Data() : Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Failure("\(path) cannot be read: \((error as? CocoaError).map(reason) ?? "\(error)")")
        }
    }

    private static func reason(_ error: CocoaError) -> String {
        switch error.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "permission denied"
        default:
            (error.underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) } ?? "\(error.code)"
        }
    }
}
