import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// A word of an employee's name.
public struct NameWord: Sendable, Equatable {
    /// The word and whose it is.
    public struct Key: Hashable, Sendable {
        /// The employee.
        public let employee: UUID
        /// The word, as `SearchText.words` gives it.
        public let word: String

        /// A word of that employee's name.
        public init(employee: UUID, word: String) {
            self.employee = employee
            self.word = word
        }

        public static func == (left: Key, right: Key) -> Bool {
            left.employee == right.employee && left.word.isIdentical(to: right.word)
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(employee)
            var word = word
            word.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// The organization in which the word is searched.
    public let organization: UUID
}

/// The words of employees' names. Serve operation 33; written only when a name changes.
public enum EmployeeNames: Projection {
    public static let name = "employee_names"
    public static let version = 2
    public static let schema = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("employee", .uuid), Column("word", .text)], [Column("organization", .uuid)]
    )

    public static let erasedBy: String? = "employee"
    public static let topics: Set<DirectoryEvent.Topic> = [.employeeCreation, .employeeName]

    public static func keys(of payload: DirectoryEvent) -> [NameWord.Key] {
        switch payload {
        case .employee(let id, _, .created(let name, _, _, _, _)):
            return SearchText.words(name.text ?? "").map { NameWord.Key(employee: id, word: $0) }
        case .employee(let id, _, .renamed(let name)):
            let (gone, new) = changedWords(name)
            return (gone + new).map { NameWord.Key(employee: id, word: $0) }
        default: return []
        }
    }

    public static func newKeys(of payload: DirectoryEvent) -> [NameWord.Key] {
        guard case .employee(let id, _, .renamed(let name)) = payload else {
            return payload.isCreation ? keys(of: payload) : []
        }
        return changedWords(name).new.map { NameWord.Key(employee: id, word: $0) }
    }

    private static func changedWords(_ name: Change<String>) -> (gone: [String], new: [String]) {
        let old = SearchText.words(name.from ?? ""), new = SearchText.words(name.to ?? "")
        return (
            old.filter { word in !new.contains { $0.isIdentical(to: word) } },
            new.filter { word in !old.contains { $0.isIdentical(to: word) } }
        )
    }

    public static func apply(_ event: Event<DirectoryEvent>, to row: inout NameWord?, at key: NameWord.Key) {
        guard case .employee(_, let organization, _) = event.payload else { return }
        // Of a renaming only those words are keys that come or go.
        row = row == nil ? NameWord(organization: organization) : nil
    }

    public static func values(of key: NameWord.Key) -> [ColumnValue] { [.uuid(key.employee), .text(key.word)] }

    public static func values(of row: NameWord) -> [ColumnValue] { [.uuid(row.organization)] }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> NameWord.Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return NameWord.Key(employee: try columns.uuid("employee"), word: try columns.text("word"))
    }

    public static func row(at key: NameWord.Key, from values: [ColumnValue]) throws(UnreadableRow) -> NameWord {
        NameWord(organization: try ColumnReader(row: values, of: Self.self).uuid("organization"))
    }

    public static func size(of row: NameWord) -> Int { 96 }
}
