import Testing

@testable import DirectoryAPI

extension RandomHistory {
    /// What changes an organization or what is in it, and how often one is drawn; not what the organization's trail does not tell.
    private static let weights = [
        "updateOrganization": 2, "updateOrganizationProfile": 2, "createOrganizationKey": 2, "deleteOrganizationKey": 2,
        "createEmployee": 2, "updateEmployee": 14, "updateEmployeeProfile": 6, "deactivateEmployee": 2,
        "activateEmployee": 2, "assignManager": 6, "replaceManagers": 4, "removeManager": 4,
        "createGroup": 1, "updateGroup": 4, "updateGroupProfile": 2, "deactivateGroup": 1, "activateGroup": 2,
        "replaceGroupsOfEntity": 10, "removeFromGroup": 4,
        "createAccount": 1, "deactivateAccount": 1, "activateAccount": 2, "grantRole": 6, "revokeRole": 4,
        "addApp": 1, "updateApp": 3, "deactivateApp": 1, "activateApp": 2,
        "setOrganizationMapping": 1, "setAccountMapping": 2, "setEmployeeMapping": 3, "setGroupMapping": 2,
        "removeOrganizationMapping": 1, "removeAccountMapping": 1, "removeEmployeeMapping": 2, "removeGroupMapping": 1,
        "setOrganizationPreferences": 1, "setEmployeePreferences": 3, "setGroupPreferences": 2,
        "removeOrganizationPreferences": 1, "removeEmployeePreferences": 2, "removeGroupPreferences": 1,
    ]

    /// Changes of one organization, of every kind that its trail tells, after which much is as it was before.
    static func ofOneOrganization(_ server: Server, _ seed: UInt64) async throws -> RandomHistory {
        let unknown = Set(weights.keys).subtracting(everything.map(\.name))
        #expect(unknown.isEmpty)
        let operations = everything.flatMap { Array(repeating: $0, count: weights[$0.name] ?? 0) }
        return try await make(server, seed, of: operations, changesBack: true)
    }

    /// All accounts that have or had a part in the organization, but for the first SYSTEM_ADMIN.
    var accounts: [String] { (ids["Account"] ?? []) + readers.map(\.id) }
}
