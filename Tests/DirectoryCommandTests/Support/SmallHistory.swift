import Foundation

/// A history of two people, to import.
enum SmallHistory {
    static let lines = [
        #"{"at":"2024-01-01T09:00:00Z","op":"hire","person":"a","name":"Ann","email":"ann@example.com","role":"CEO"}"#,
        #"{"at":"2024-01-02T09:00:00Z","op":"hire","person":"b","name":"Bo","email":"bo@example.com","location":"Oslo"}"#,
        #"{"at":"2024-01-03T09:00:00Z","op":"set_manager","person":"b","manager":"a"}"#,
        #"{"at":"2024-01-04T09:00:00Z","op":"role","person":"b","role":"CTO"}"#,
        #"{"at":"2024-01-05T09:00:00Z","op":"leave","person":"a"}"#,
    ]
}

extension Scratch {
    /// Writes a history into a file of its own.
    func write(history lines: some Sequence<String>) throws -> String {
        try write(lines.map { $0 + "\n" }.joined().utf8, to: "history-\(UUID().uuidString)")
    }
}
