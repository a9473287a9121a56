import EventSourcing

/// One line of a file that is imported: what happened to a person or a group, and when.
///
/// People are known by the e-mail address under which they were hired, groups by their names; in both, case makes no difference.
public struct ImportLine: Sendable {
    /// What happened.
    public enum Change: Sendable {
        /// Somebody joined, or came back.
        case hire(email: String, PersonFields)
        /// Somebody is in a roster: like a hire, but the spelling of an address that is known stays.
        case listed(email: String, PersonFields)
        /// Somebody left.
        case leave(email: String)
        /// The one DIRECT manager from now on.
        case setManager(email: String, manager: String)
        /// The DIRECT line to that manager ended.
        case unsetManager(email: String, manager: String)
        /// The job title from now on; `nil` for none.
        case role(email: String, String?)
        /// The location from now on; `nil` for none.
        case location(email: String, String?)
        /// A group began, came back, or got another name or type.
        /// - formerName: the name that it had until then, where that differs.
        case group(name: String, formerName: String?, type: String?)
        /// A roster needs a group of that name: it is made where there is none.
        case needGroup(name: String)
        /// A group ended.
        case ungroup(name: String)
        /// A membership in a group began, or has another type. Without a type one that exists stays as it is.
        case join(Member, group: String, type: String?)
        /// A membership in a group ended.
        case leaveGroup(Member, group: String)
    }

    /// What may be said of a person; what is `nil` or missing stays as it is.
    public struct PersonFields: Sendable, Equatable {
        /// Needed for one who is new.
        public var name: String?
        /// The job title.
        public var role: String?
        public var type: String?
        /// The fields of the profile, by name.
        public var profile: [String: String] = [:]
    }

    /// Who is a member of a group.
    public enum Member: Sendable {
        case person(email: String)
        case group(name: String)
    }

    /// Its number in the file, from 1.
    public let number: Int
    /// When it took effect; `nil` for the moment at which it is imported.
    public let at: Instant?
    /// What happened.
    public let change: Change

    /// The addresses of all people that it names.
    var addresses: [String] {
        switch change {
        case .setManager(let email, let manager), .unsetManager(let email, let manager): [email, manager]
        case .hire(let email, _), .listed(let email, _), .leave(let email), .role(let email, _),
            .location(let email, _):
            [email]
        case .join(.person(let email), _, _), .leaveGroup(.person(let email), _): [email]
        case .group, .needGroup, .ungroup, .join, .leaveGroup: []
        }
    }

    /// The names of all groups that it names.
    var groups: [String] {
        switch change {
        case .group(let name, let formerName, _): [formerName ?? name]
        case .needGroup(let name), .ungroup(let name): [name]
        case .join(.group(let member), let group, _), .leaveGroup(.group(let member), let group): [member, group]
        case .join(_, let group, _), .leaveGroup(_, let group): [group]
        case .hire, .listed, .leave, .setManager, .unsetManager, .role, .location: []
        }
    }
}

/// A file that cannot be read.
public struct HistoryError: Error, Equatable, CustomStringConvertible {
    /// The line at fault, from 1.
    public let line: Int
    /// The field at fault, if it is one.
    public let field: String?
    /// What is wrong with it; never its content.
    public let reason: String

    /// Says which line cannot be read, and why.
    public init(line: Int, field: String? = nil, _ reason: String) {
        self.line = line
        self.field = field
        self.reason = reason
    }

    public var description: String { "line \(line): " + (field.map { "\($0): " } ?? "") + reason }
}
