import Directory

/// What differs between the texts of one read: how the token names its account, whether it claims an organization, and
/// whether the present or a past moment is shown. The texts of all variants are made from one declaration.
struct ReadVariant: Hashable, Sendable {
    let namesEmail: Bool
    let isConfined: Bool
    let isPast: Bool

    /// All of them, each at its `index`.
    static let all = (0..<8).map { ReadVariant(namesEmail: $0 & 4 != 0, isConfined: $0 & 2 != 0, isPast: $0 & 1 != 0) }

    /// The place in `all`.
    var index: Int { (namesEmail ? 4 : 0) + (isConfined ? 2 : 0) + (isPast ? 1 : 0) }

    init(namesEmail: Bool, isConfined: Bool, isPast: Bool) {
        (self.namesEmail, self.isConfined, self.isPast) = (namesEmail, isConfined, isPast)
    }

    /// The variant for a caller and a moment.
    init(_ caller: Caller, _ moment: Moment) {
        if case .email = caller.subject { namesEmail = true } else { namesEmail = false }
        isConfined = caller.claimedOrganization != nil
        isPast = moment.position != nil
    }
}
