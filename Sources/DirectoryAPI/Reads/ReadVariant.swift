import Directory

/// What differs between the texts of one read: how the token names its account, what it is confined by, and whether the present
/// or a past moment is shown. The texts of all variants are made from one declaration.
struct ReadVariant: Hashable, Sendable {
    /// What confines a token to an organization.
    enum Confinement: CaseIterable {
        case none
        /// A claim.
        case claim
        /// An organization's key that signed it, and that limits its rights.
        case key
    }

    let namesEmail: Bool
    let confinement: Confinement
    let isPast: Bool

    /// All of them, each at its `index`.
    static let all = Confinement.allCases.flatMap { confinement in
        [false, true].flatMap { namesEmail in
            [false, true].map { ReadVariant(namesEmail: namesEmail, confinement: confinement, isPast: $0) }
        }
    }

    /// The place in `all`.
    var index: Int {
        let place =
            switch confinement {
            case .none: 0
            case .claim: 4
            case .key: 8
            }
        return place + (namesEmail ? 2 : 0) + (isPast ? 1 : 0)
    }

    /// Whether the token has rights in one organization only.
    var isConfined: Bool { confinement != .none }

    init(namesEmail: Bool, confinement: Confinement, isPast: Bool) {
        (self.namesEmail, self.confinement, self.isPast) = (namesEmail, confinement, isPast)
    }

    /// The variant for a caller and a moment.
    init(_ caller: Caller, _ moment: Moment) {
        if case .email = caller.subject { namesEmail = true } else { namesEmail = false }
        confinement = caller.key != nil ? .key : caller.claimedOrganization != nil ? .claim : .none
        isPast = moment.position != nil
    }
}
