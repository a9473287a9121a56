/// Who gets which status, written by hand from `operations.md`, not taken from the declarations.
///
/// Columns: SYSTEM_ADMIN, OWNER, ADMIN, MANAGER, EMPLOYEE, AUDITOR of the organization, a stranger (OWNER of the foreign
/// organization), an inactive account, no token. `own` asks about the organization of the five, `foreign` about the stranger's.
struct Expected: Sendable {
    let own: String
    let foreign: String

    /// The callers' columns, in order.
    static let callers = [
        "SYSTEM_ADMIN", "OWNER", "ADMIN", "MANAGER", "EMPLOYEE", "AUDITOR", "stranger", "inactive", "no token",
    ]

    static let byOperation: [String: Expected] = [
        // Organizations
        "listOrganizations": reads,
        "createOrganization": Expected(
            own: "201 201 201 201 201 201 404 401 401", foreign: "201 404 404 404 404 404 201 401 401"),
        "updateCurrentOrganization": changes,
        "getOrganization": reads,
        "updateOrganization": changes,
        "getOrganizationByAlias": reads,
        "listDensity": reads,
        "deactivateOrganization": owns,
        "activateOrganization": owns,
        "getCurrentOrganizationProfile": reads,
        "replaceCurrentOrganizationProfile": creates,
        "updateCurrentOrganizationProfile": changes,
        "getOrganizationProfile": reads,
        "replaceOrganizationProfile": creates,
        "updateOrganizationProfile": changes,

        // Keys
        "createCurrentOrganizationKey": creates,
        "createOrganizationKey": creates,
        "deleteCurrentOrganizationKey": changes,
        "deleteOrganizationKey": changes,

        // Accounts: the one asked about is a member that is none of the callers.
        "listAccounts": reads,
        "createAccount": creates,
        "getOwnAccount": reads,
        "getAccount": Expected(
            own: "200 200 200 404 404 200 404 401 401", foreign: "200 404 404 404 404 404 200 401 401"),
        "updateAccount": administers,
        "deactivateAccount": administers,
        "activateAccount": administers,
        "eraseAccount": administers,
        "grantRole": Expected(
            own: "200 200 200 404 404 403 404 401 401", foreign: "200 404 404 404 404 404 200 401 401"),
        "revokeRole": Expected(
            own: "200 200 200 404 404 403 404 401 401", foreign: "200 404 404 404 404 404 200 401 401"),
        "listOrganizationAdmins": reads,
        "listEmployeesOfAccount": Expected(
            own: "200 200 200 404 404 200 404 401 401", foreign: "200 404 404 404 404 404 200 401 401"),
        "listAccountsOfOrganization": reads,

        // Employees
        "listEmployees": reads,
        "createEmployee": creates,
        // Only MANAGER and EMPLOYEE have one.
        "getOwnEmployee": Expected(
            own: "404 404 404 200 200 404 404 401 401", foreign: "404 404 404 404 404 404 404 401 401"),
        "getEmployee": reads,
        "updateEmployee": changes,
        "deactivateEmployee": changes,
        "activateEmployee": changes,
        "eraseEmployee": owns,
        "findEmployeesByName": reads,
        "getEmployeeProfile": reads,
        // The one asked about reports to the MANAGER.
        "replaceEmployeeProfile": Expected(
            own: "201 201 201 201 403 403 404 401 401", foreign: "201 404 404 404 404 404 201 401 401"),
        "updateEmployeeProfile": Expected(
            own: "200 200 200 200 403 403 404 401 401", foreign: "200 404 404 404 404 404 200 401 401"),
        "getEmployeeByAccount": reads,

        // Reporting lines
        "listManagers": reads,
        "assignManager": changes,
        "replaceManagers": changes,
        "removeManager": changes,
        "listReports": reads,
        "countReports": reads,
        "getChain": reads,

        // Groups
        "listGroups": reads,
        "createGroup": creates,
        "getGroup": reads,
        "updateGroup": changes,
        "deactivateGroup": changes,
        "activateGroup": changes,
        "getGroupProfile": reads,
        "replaceGroupProfile": creates,
        "updateGroupProfile": changes,
        "listMembers": reads,
        "listGroupsOfEntity": reads,
        "replaceGroupsOfEntity": changes,
        "removeFromGroup": changes,

        // Apps, and organizations by what is said of theirs
        "listApps": trail,
        "addApp": creates,
        "getApp": trail,
        "updateApp": changes,
        "deactivateApp": changes,
        "activateApp": changes,
        "listOrganizationsByApp": trail,
        "listOrganizationsByAppId": trail,
        "listOrganizationsByAppData": trail,
        "listOrganizationsByAppSecret": trail,

        // Webhooks
        "listWebhooks": changes,
        "createWebhook": creates,
        "getWebhook": changes,
        "updateWebhook": changes,
        "deleteWebhook": changes,
        "testWebhook": changes,
        "listWebhookDeliveries": changes,

        // Mappings
        "listEntitiesByMapping": trail,
        "setOrganizationMapping": changes,
        "removeOrganizationMapping": changes,
        "setAccountMapping": maps,
        "removeAccountMapping": maps,
        "setEmployeeMapping": changes,
        "removeEmployeeMapping": changes,
        "setGroupMapping": changes,
        "removeGroupMapping": changes,

        // Preferences
        "setOrganizationPreferences": changes,
        "removeOrganizationPreferences": changes,
        "setAccountPreferences": administers,
        "removeAccountPreferences": administers,
        "setEmployeePreferences": changes,
        "removeEmployeePreferences": changes,
        "setGroupPreferences": changes,
        "removeGroupPreferences": changes,

        // The audit trail
        "listAudit": trail,
        "exportAudit": trail,
        "streamAudit": trail,
        "getOrganizationHistory": trail,
        "getAccountHistory": Expected(
            own: "200 200 200 404 404 200 404 401 401", foreign: "200 404 404 404 404 404 200 401 401"),
        "getEmployeeHistory": trail,
        "getGroupHistory": trail,
        "listDifferences": trail,

        // The log
        "getCheckpoint": reads,
        "getVerifierKeys": reads,
        "getConsistencyProof": reads,
        "getLogEntry": trail,
        "getInclusionProof": trail,
        "getOpening": trail,
        "getTile": oversees,
        "getEntryBundle": oversees,

        // The service
        "getHealth": everybody,
        "getReadiness": everybody,
        "getOpenAPI": everybody,
        "getDocs": everybody,
    ]

    private static let reads = Expected(
        own: "200 200 200 200 200 200 404 401 401", foreign: "200 404 404 404 404 404 200 401 401")
    private static let changes = Expected(
        own: "200 200 200 403 403 403 404 401 401", foreign: "200 404 404 404 404 404 200 401 401")
    private static let creates = Expected(
        own: "201 201 201 403 403 403 404 401 401", foreign: "201 404 404 404 404 404 201 401 401")
    private static let owns = Expected(
        own: "200 200 403 403 403 403 404 401 401", foreign: "200 404 404 404 404 404 200 401 401")
    private static let administers = Expected(
        own: "200 403 403 404 404 403 404 401 401", foreign: "200 404 404 404 404 404 403 401 401")
    /// What OWNER and ADMIN do with an account that the others do not see.
    private static let maps = Expected(
        own: "200 200 200 404 404 403 404 401 401", foreign: "200 404 404 404 404 404 200 401 401")
    private static let trail = Expected(
        own: "200 200 200 403 403 200 404 401 401", foreign: "200 404 404 404 404 404 200 401 401")
    /// What spans organizations.
    private static let oversees = Expected(
        own: "200 403 403 403 403 403 404 401 401", foreign: "200 404 404 404 404 404 403 401 401")
    private static let everybody = Expected(
        own: "200 200 200 200 200 200 200 200 200", foreign: "200 200 200 200 200 200 200 200 200")

    func statuses(_ isForeign: Bool) -> [Int] {
        (isForeign ? foreign : own).split(separator: " ").compactMap { Int($0) }
    }
}
