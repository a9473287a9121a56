import Directory
import EventSourcing
import FoundationEssentials

extension Operations {
    static let grants: [Operation] = [
        .mutation(
            .post, "/api/v1/account/{accountId}/grant", "grantRole", 25, .accounts,
            "Grant a role to an account, named by ID or e-mail address; with employeeId link it to that employee",
            access: .special(.change, "OWNER by OWNER, SYSTEM_ADMIN by SYSTEM_ADMIN"), body: NewGrant.self,
            shows: .account
        ) { request, body in
            GrantRole(
                request.account(named: "accountId"), organization: body.organization, role: body.role,
                employee: body.employee)
        },
        .mutation(
            .delete, "/api/v1/account/{accountId}/grant", "revokeRole", nil, .accounts,
            "Take a role back from an account",
            access: .special(.change, "OWNER by OWNER, SYSTEM_ADMIN by SYSTEM_ADMIN; its own the account itself"),
            query: [
                QueryParameter(
                    "orgId", .uuid, "Where; without it the platform's SYSTEM_ADMIN, or in the current organization.",
                    example: Examples.Entity.organization.id),
                QueryParameter("role", .word, "The role.", example: "ADMIN", isRequired: true),
            ], shows: .account
        ) { request in
            guard let role = request.query("role") else {
                throw Problem.invalid("The query is not valid.", [Refusal.Field("?role", "is required")])
            }
            return RevokeRole(
                .id(request.uuid("accountId")), organization: request.query("orgId").flatMap { UUID(text: $0) },
                role: role)
        },
    ]
}
