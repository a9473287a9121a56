import DirectoryEvents
import EventSourcing
import FoundationEssentials
import PreferencesProjection

extension View {
    /// An entity whose preferences a caller may change, and the permit to do so.
    func permit(toPreferFor entity: EntityReference, _ caller: Authority) throws -> Permit<FoundEntity> {
        let found = try found(entity, caller)
        return found.permit(found, by: try caller.preferring(found))
    }

    /// The preferences of an entity, in no order.
    func preferences(of entity: EntityReference) throws -> [EntityPreferences] {
        try rows(Preferences.byEntity, [.uuid(entity.id)])
    }
}

extension Authority {
    /// The role by which the caller changes an entity's preferences: OWNER and ADMIN of its organization; an account itself.
    fileprivate func preferring(_ entity: FoundEntity) throws -> String {
        if let organization = entity.organization {
            return try role(
                for: .change, in: organization, else: entity.reference.kind.word,
                "Only OWNER and ADMIN change the preferences of \(entity.reference.kind.phrase).")
        }
        guard isItself(entity.reference.id) || isSystemAdmin else {
            throw Refusal.forbidden("An account's preferences are changed by the account itself, and by SYSTEM_ADMIN.")
        }
        return (isSystemAdmin ? Roles.systemAdmin : []).highest
    }
}

extension Collection<EntityPreferences> {
    /// Those of a namespace.
    func of(_ namespace: String) -> EntityPreferences? { first { $0.namespace.isIdentical(to: namespace) } }
}
