import Foundation

/// The lines of a file, read in pieces; `-` is stdin.
struct FileLines {
    /// How many bytes are read at a time.
    private static let piece = 1 << 16
    /// The most bytes that a line may have.
    private static let longest = 16 << 20

    private let path: String
    private let handle: FileHandle
    private var bytes: [UInt8] = []
    private var place = 0
    private var isAtEnd = false

    /// - Throws: `Failure` if the file cannot be opened.
    init(path: String) throws {
        self.path = path
        if path == "-" {
            handle = .standardInput
        } else {
            guard let handle = FileHandle(forReadingAtPath: path) else { throw Failure("\(path) cannot be read.") }
            self.handle = handle
        }
    }

    /// The next line, without its end; `nil` at the end of the file. What follows the last line feed is a line, too.
    mutating func next() throws -> ArraySlice<UInt8>? {
        var searched = place
        while true {
            if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { place = end + 1 }
                return bytes[place..<end]
            }
            guard !isAtEnd else {
                guard place < bytes.count else { return nil }
                defer { place = bytes.count }
                return bytes[place...]
            }
            guard bytes.count - place <= FileLines.longest else {
                throw Failure("\(path) has a line that is too long.")
            }
            bytes.removeSubrange(..<place)
            place = 0
            searched = bytes.count
            let more = try handle.read(upToCount: FileLines.piece) ?? Data()
            isAtEnd = more.isEmpty
            bytes += more
        }
    }
}
