import GroupsProjection

/// Which groups of an organization are listed. All conditions must hold.
struct GroupFilter: StatusFilter {
    var status: String?
    var type: String?
}

extension EntityList {
    /// The groups of an organization that meet a filter.
    static func groups(_ filter: GroupFilter) -> EntityList {
        switch (filter.type, filter.status) {
        case (.some, _): .along(GroupLists.byType, filter)
        case (nil, .some): .along(GroupLists.byStatus, filter)
        case (nil, nil): .along(GroupLists.all, ())
        }
    }
}

/// The statements that list groups.
enum GroupLists {
    typealias Page = EntityPages.Page<GroupFilter>

    static let all = EntityPages.all(Groups.self)

    static let byStatus: Page = EntityPages.along(Groups.self, facets: Groups.self) { _ in "f.status = s.status" }

    static let byType: Page = EntityPages.along(Groups.self, facets: Groups.self) {
        "f.type = \($0.text { $0.argument.filter.type }) and f.status = s.status"
    }
}
