import CanonicalJSON
import DirectoryEvents

/// What the examples of the description speak of: one company, Acme.
///
/// Each entity has one id in all of them. Whoever puts the ids of their own entities in its place, and a word of their own in
/// place of `acme` (which is in whatever must be unique), can send every example.
enum Examples {
    /// The entities, by the names that they have among the components of the document.
    enum Entity: String, CaseIterable, Sendable {
        case organization, account, newcomer, employee, manager, group, app, key, webhook

        var id: String {
            let number = Entity.allCases.firstIndex(of: self).map { $0 + 1 } ?? 0
            return "019abcde-0000-7000-8000-00000000000\(number)"
        }

        var meaning: String {
            switch self {
            case .organization: "The organization Acme."
            case .account: "An account that is linked to the employee."
            case .newcomer: "An account with a role in the organization, without an employee."
            case .employee: "An employee of the organization."
            case .manager: "Another employee of the organization."
            case .group: "A group of the organization."
            case .app: "An app of the organization."
            case .key: "A key of the organization."
            case .webhook: "A webhook of the organization."
            }
        }
    }

    /// The ids, for programs.
    static let components: JSON = .object(
        Entity.allCases.map { entity in
            JSON.Member(
                name: entity.rawValue, value: ["summary": .string(entity.meaning), "value": .string(entity.id)])
        })
}

extension FieldFormat {
    /// An example of the format.
    var example: String {
        switch self {
        case .text: "text"
        case .email: "ada@acme.example"
        case .uuid, .id: Examples.Entity.organization.id
        case .date: "2024-05-02"
        case .birthDate: "1990-12-10"
        case .timeZone: "Europe/Berlin"
        case .country: "DE"
        case .time, .moment: "2026-11-24T07:00:00Z"
        case .word: "DIRECT"
        case .alias: "acme"
        case .integer(let range): String(range.lowerBound)
        case .choice(let words): words.first ?? ""
        case .depth: "all"
        case .eventType: "employee.role_changed"
        case .eventTypes: "employee.*"
        case .webhookURL: "https://hooks.acme.example/directory"
        case .actor: "SYSTEM"
        case .member: "EMPLOYEE"
        case .requestID: "3f1c9a52"
        case .flag: "true"
        case .object, .secrets: "{}"
        }
    }
}
