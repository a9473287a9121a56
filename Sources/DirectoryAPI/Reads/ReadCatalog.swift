import EventLog

/// Every statement that reads the directory, by name: a test prepares each in all its variants, and lays the columns that it
/// gives next to those that its reader takes.
enum ReadCatalog {
    static var all: [(name: String, variants: [ReadDescription])] {
        [
            ("EmployeeReads.byID", EmployeeReads.byID.descriptions),
            ("EmployeeReads.byAccount", EmployeeReads.byAccount.descriptions),
            ("EmployeeReads.own", EmployeeReads.own.descriptions),
            ("AccountReads.byID", AccountReads.byID.descriptions),
            ("AccountReads.byEmail", AccountReads.byEmail.descriptions),
            ("AccountReads.own", AccountReads.own.descriptions),
            ("OrganizationReads.byID", OrganizationReads.byID.descriptions),
            ("OrganizationReads.byAlias", OrganizationReads.byAlias.descriptions),
            ("OrganizationReads.current", OrganizationReads.current.descriptions),
            ("OrganizationKeyReads.byID", OrganizationKeyReads.byID.descriptions),
            ("GroupReads.byID", GroupReads.byID.descriptions),
            ("GroupLists.all", GroupLists.all.descriptions),
            ("GroupLists.byStatus", GroupLists.byStatus.descriptions),
            ("GroupLists.byType", GroupLists.byType.descriptions),
            ("MemberReads.scope", MemberReads.scope.descriptions),
            ("MemberReads.tag", MemberReads.tag.descriptions),
            ("MembershipLists.groups", MembershipLists.groups.descriptions),
            ("MembershipLists.groupsAbove", MembershipLists.groupsAbove.descriptions),
            ("MembershipLists.byKeys", MembershipLists.byKeys.descriptions),
            ("ListScopes.group", ListScopes.group.descriptions),
            ("ListScopes.current", ListScopes.current.descriptions),
            ("ListScopes.everywhere", ListScopes.everywhere.descriptions),
            ("ListScopes.employee", ListScopes.employee.descriptions),
            ("ListScopes.account", ListScopes.account.descriptions),
            ("ListScopes.member", ListScopes.member.descriptions),
            ("EmployeePages.all", EmployeePages.all.descriptions),
            ("EmployeePages.byKeys", EmployeePages.byKeys.descriptions),
            ("EmployeeLists.byStatus", EmployeeLists.byStatus.descriptions),
            ("EmployeeLists.byType", EmployeeLists.byType.descriptions),
            ("EmployeeLists.byEmail", EmployeeLists.byEmail.descriptions),
            ("EmployeeLists.withoutManager", EmployeeLists.withoutManager.descriptions),
            ("EmployeeLists.withInactiveManager", EmployeeLists.withInactiveManager.descriptions),
            ("EmployeeLists.byName", EmployeeLists.byName.descriptions),
            ("EmployeeWalks.direct", EmployeeWalks.direct.descriptions),
            ("EmployeeWalks.below", EmployeeWalks.below.descriptions),
            ("EmployeeWalks.belowWithin", EmployeeWalks.belowWithin.descriptions),
            ("EmployeeWalks.above", EmployeeWalks.above.descriptions),
            ("EmployeeWalks.up", EmployeeWalks.up.descriptions),
            ("EmployeeWalks.down", EmployeeWalks.down.descriptions),
            ("AccountLists.all", AccountLists.all.descriptions),
            ("AccountLists.byKeys", AccountLists.byKeys.descriptions),
            ("AccountLists.seen", AccountLists.seen.descriptions),
            ("AccountLists.administrators", AccountLists.administrators.descriptions),
            ("AccountLists.seenAdministrators", AccountLists.seenAdministrators.descriptions),
            ("AccountLists.members", AccountLists.members.descriptions),
            ("AccountLists.seenMembers", AccountLists.seenMembers.descriptions),
            ("AccountLists.employees", AccountLists.employees.descriptions),
            ("OrganizationLists.all", OrganizationLists.all.descriptions),
            ("OrganizationLists.byKeys", OrganizationLists.byKeys.descriptions),
            ("OrganizationLists.seen", OrganizationLists.seen.descriptions),
            ("AppReads.byID", AppReads.byID.descriptions),
            ("AppReads.list", AppReads.list.descriptions),
            ("WebhookReads.byID", WebhookReads.byID.descriptions),
            ("WebhookReads.list", WebhookReads.list.descriptions),
            ("MappingReads.byMappedID", MappingReads.byMappedID.descriptions),
            ("AppSearches.byType", AppSearches.byType.descriptions),
            ("AppSearches.byExternalID", AppSearches.byExternalID.descriptions),
            ("AppSearches.byData", AppSearches.byData.descriptions),
            ("AppSearches.bySecret", AppSearches.bySecret.descriptions),
            ("ReportCounts.byKeys", ReportCounts.byKeys.descriptions),
            ("ListScopes.organization", ListScopes.organization.descriptions),
            ("ListScopes.integrations", ListScopes.integrations.descriptions),
            ("AuditDiff.names", AuditDiff.names.descriptions),
        ] + differences("differences", .scoped) + differences("trusted differences", .trusted)
            + trail("trail", AuditStatements.scoped) + trail("trusted trail", AuditStatements.trusted)
            + trail("auditor's trail", AuditStatements.auditing)
            + MembershipLists.Shape.allCases.flatMap { shape in
                [
                    ("MembershipLists.members, \(shape)", MembershipLists.members[shape].descriptions),
                    ("MembershipLists.membersBelow, \(shape)", MembershipLists.membersBelow[shape].descriptions),
                ]
            }
    }

    private static func differences(
        _ name: String, _ statements: DifferenceStatements
    ) -> [(name: String, variants: [ReadDescription])] {
        [
            ("\(name), keys", statements.keys.descriptions),
            ("\(name), of entities", statements.ofEntities.descriptions),
            ("\(name), of accounts", statements.ofAccounts.descriptions),
        ]
    }

    private static func trail(
        _ name: String, _ statements: [EventQuery.Shape: AuditStatements.Page]
    ) -> [(name: String, variants: [ReadDescription])] {
        statements.map { ("\(name), \($0)", $1.descriptions) }
    }
}
