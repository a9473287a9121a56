import DirectoryEvents
import FoundationEssentials

/// The roles that an account has at one place, as a set: its rights are their union.
public struct Roles: OptionSet, Sendable, Hashable {
    /// A bit for each role; statements know them by it.
    public let rawValue: Int64

    /// The roles of these bits.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// `Role.systemAdmin` alone.
    public static let systemAdmin = Roles(rawValue: 1)
    /// `Role.owner` alone.
    public static let owner = Roles(rawValue: 2)
    /// `Role.admin` alone.
    public static let admin = Roles(rawValue: 4)
    /// `Role.manager` alone.
    public static let manager = Roles(rawValue: 8)
    /// `Role.employee` alone.
    public static let employee = Roles(rawValue: 16)
    /// `Role.auditor` alone.
    public static let auditor = Roles(rawValue: 32)

    /// A role alone.
    public init(_ role: Role) {
        switch role {
        case .systemAdmin: self = .systemAdmin
        case .owner: self = .owner
        case .admin: self = .admin
        case .manager: self = .manager
        case .employee: self = .employee
        case .auditor: self = .auditor
        }
    }

    /// The role of that word alone; of an unknown word, none.
    public init(word: String) { self = Role(rawValue: word).map { Roles($0) } ?? [] }

    /// The roles of these words; unknown ones give none.
    public init(words: [String]) {
        self = []
        for word in words { formUnion(Roles(word: word)) }
    }

    /// What is left of them under a limit: the rights that both they and the limit give.
    public func limited(to limit: Role) -> Roles {
        Role.allCases.filter { contains(Roles($0)) }.reduce(into: []) { left, role in
            if let common = role.common(with: limit) { left.formUnion(Roles(common)) }
        }
    }

    /// Their words, highest first.
    public var words: [String] { Role.allCases.filter { contains(Roles($0)) }.map(\.rawValue) }

    /// The word of the highest of them; `ACCOUNT` where there is none, for what an account may do by itself.
    public var highest: String { Role.allCases.first { contains(Roles($0)) }?.rawValue ?? "ACCOUNT" }
}

extension Role {
    /// The roles that keys of organizations can be limited to: all but the platform's.
    public static let limits = allCases.filter { $0 != .systemAdmin }

    /// The role with the rights that this one and a limit have in common; `nil` where they have none. AUDITOR as the limit only
    /// reads, whatever the result: see `Authority.checkMayChange()`.
    fileprivate func common(with limit: Role) -> Role? {
        switch (self, limit) {
        case (.systemAdmin, _), (_, .systemAdmin): nil
        case (_, .owner): self
        case (.owner, .admin): .admin
        case (_, .admin): self
        case (.owner, .manager), (.admin, .manager), (.manager, .manager): .manager
        case (.owner, .auditor), (.admin, .auditor), (.auditor, .auditor): .auditor
        // What is left is reading the directory, and editing one's own employee's profile where both may.
        case (_, .manager), (_, .auditor), (_, .employee): .employee
        }
    }
}

/// What roles allow at an organization. Declared once: `decide`, the reads and the documentation all refer to it.
public enum Permission: String, Sendable, CaseIterable {
    /// See the organization, its employees and reporting lines.
    case read
    /// See what is hidden from most: apps, keys, mappings, preferences, birth dates, genders.
    case readHidden
    /// See the accounts that have a grant or an employee there.
    case readAccounts
    /// See the audit trail.
    case readTrail
    /// Change everything but what only an owner may.
    case change
    /// Grant or end OWNER, deactivate and activate the organization.
    case own
    /// What concerns the platform: accounts' addresses and status, SYSTEM_ADMIN itself.
    case administer

    /// The roles that give it, any of them.
    public var roles: Roles {
        switch self {
        case .read: [.systemAdmin, .owner, .admin, .manager, .employee, .auditor]
        case .readHidden, .readAccounts, .readTrail: [.systemAdmin, .owner, .admin, .auditor]
        case .change: [.systemAdmin, .owner, .admin]
        case .own: [.systemAdmin, .owner]
        case .administer: [.systemAdmin]
        }
    }

    /// Whether somebody with these roles has it.
    public func isGiven(by roles: Roles) -> Bool { !self.roles.isDisjoint(with: roles) }
}

/// What a caller with certain roles sees of an entity: asked by mutations for what they show, and by reads and lists alike.
public enum Sight {
    /// Whether what is hidden of an entity is shown: to those whose roles allow it, and to the person that it is.
    /// - Parameters:
    ///   - account: the account that the entity is linked to, if it is a person.
    ///   - caller: the caller's account.
    ///   - has: whether the caller has a permission in the entity's organization.
    public static func showsHidden(
        ofEntityOf account: UUID?, to caller: UUID, _ has: (Permission) throws -> Bool
    ) rethrows -> Bool {
        try account == caller || has(.readHidden)
    }
}
