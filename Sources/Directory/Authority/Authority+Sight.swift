import AccountsProjection
import DirectoryEvents
import DirectoryRows
import EventSourcing
import FoundationEssentials
import GrantsProjection

extension Authority {
    /// Whether the caller sees what is hidden from most: by its role, or because it is itself.
    public func seesHidden(of entity: some OrganizationEntity) throws -> Bool {
        try Sight.showsHidden(ofEntityOf: entity.account, to: id) { try has($0, in: entity.organization) }
    }

    /// Whether the caller sees accounts that it made, as long as they have no grant. With an organization's key, this comes with
    /// the right to make accounts there.
    func seesWhatItMade() throws -> Bool {
        guard caller.key != nil, let organization = caller.claimedOrganization else { return true }
        return try has(.change, in: organization)
    }

    /// Whether the caller sees a grant: its own, and those in organizations whose accounts it may see. A token that is confined
    /// to an organization shows none of another, not even the caller's own.
    public func sees(_ grant: Grant) throws -> Bool {
        try sees(ofAccount: grant.key.account, at: grant.key.organization)
    }

    /// Whether the caller, who sees an account, sees what it has at an organization or (`nil`) the platform.
    public func sees(ofAccount account: UUID, at organization: UUID?) throws -> Bool {
        guard caller.hasRights(at: organization) else { return false }
        if account == id || isSystemAdmin { return true }
        guard let organization else { return false }
        return try has(.readAccounts, in: organization)
    }
}

extension View {
    /// The tag of an account: what it shows depends on the caller's own grants.
    /// - Parameter isPrivate: whether the caller is shown what is for the account itself.
    public func tag(_ account: Versioned<Account>, for caller: Authority, isPrivate: Bool = false) throws -> EntityTag {
        // Read again: a command may have changed the caller's grants just now.
        let own = try row(Accounts.self, caller.id)?.grantsChanged ?? 0
        return EntityTag(account.since, grants: own, showsHidden: isPrivate)
    }
}
