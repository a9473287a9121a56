import Directory
import EventSourcing
import FoundationEssentials

extension Presentation {
    static let account = Presentation(
        schema: "Account", render: { try $0.representation(ofAccount: $2, for: $1) },
        read: { try await $0.account(.id($1), at: $2) })
}

extension Operations {
    /// Whoever sees an account: the rule of `View.visibleAccount`, in words.
    static let accountReaders = Access.special(
        .readAccounts, "the account itself; who made it, as long as it has no grant")

    static let accounts: [Operation] =
        records
        + status(
            at: "/api/v1/account/{accountId}", .accounts, "its tokens are no longer accepted",
            access: .permission(.administer), shows: .account
        ) { AccountStatus(.id($0.uuid("accountId"))) }
        + [erase] + lists

    private static let records: [Operation] = [
        .list(
            "/api/v1/account", "listAccounts", 21, .accounts, "List the accounts that the caller sees",
            access: .account, of: "Account"
        ) { request in
            try await request.list(from: { try await $0.everywhere(at: $1) }) { .accounts($0) }
        },
        .mutation(
            .post, "/api/v1/account", "createAccount", 22, .accounts, "Create account",
            access: .permission(.change), body: NewAccount.self, shows: .account,
            created: { "/api/v1/account/\($1.text)" }
        ) { request, body in CreateAccount(id: request.newID(), name: body.name, email: body.email) },
        .get(
            "/api/v1/account/me", "getOwnAccount", nil, .accounts, "Get the caller's account", access: .account,
            shows: .account
        ) { try await $0.ownAccount(at: $1) },
        .get(
            "/api/v1/account/{accountIdOrEmail}", "getAccount", 23, .accounts, "Get account by ID or e-mail address",
            access: accountReaders, shows: .account
        ) { try await $0.account($0.account(named: "accountIdOrEmail"), at: $1) },
        .mutation(
            .patch, "/api/v1/account/{accountIdOrEmail}", "updateAccount", 24, .accounts,
            "Update account: its name, and by SYSTEM_ADMIN its e-mail address",
            access: .special(.administer, "its name the account itself"), body: AccountPatch.self, shows: .account
        ) { request, body in
            ChangeAccount(request.account(named: "accountIdOrEmail"), name: body.name, email: body.email)
        },
    ]

    private static let erase = Operation.mutation(
        .post, "/api/v1/account/{accountId}/erase", "eraseAccount", nil, .accounts,
        "Erase account, for good: what people wrote of it, at every moment; its grants and links end",
        access: .special(.administer, "the account itself"), body: ErasureBody.self, shows: .account
    ) { request, body in EraseAccount(.id(request.uuid("accountId")), reason: body.reason) }

    private static let lists: [Operation] = [
        .list(
            "/api/v1/account/org-admins", "listOrganizationAdmins", 26, .accounts,
            "List OWNER and ADMIN accounts of the current organization that the caller sees",
            access: .permission(.read), of: "Account"
        ) { request in
            try await request.list(from: { try await $0.currentOrganization(at: $1) }) { .administrators($0) }
        },
        .list(
            "/api/v1/account/{accountId}/employees", "listEmployeesOfAccount", 27, .accounts,
            "List employees of account that the caller sees", access: accountReaders, of: "Employee"
        ) { request in
            let account = request.uuid("accountId")
            return try await request.list(from: { try await $0.organization(aroundAccount: account, at: $1) }) { _ in
                .employees(ofAccount: account)
            }
        },
        .list(
            "/api/v1/account/for-org", "listAccountsOfOrganization", 28, .accounts,
            "List accounts with a grant or an active employee in the current organization that the caller sees",
            access: .permission(.read), of: "Account"
        ) { request in
            try await request.list(from: { try await $0.currentOrganization(at: $1) }) { .members($0) }
        },
    ]
}
