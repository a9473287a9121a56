import DirectoryEvents

extension SampleEvents {
    /// The type that each case is to be stored as. There is no `default`: a new case does not compile until it is added here, and
    /// then belongs in `all`, in `EventCatalog` and, as a stored row, in `StoredEvents`.
    static func type(of event: DirectoryEvent) -> String {
        switch event {
        case .entity(let entity, _, let event): "\(entity.kind.word)." + word(of: event)
        case .membership(let entity, _, let event): "\(entity.kind.word)." + word(of: event)
        case .organization(_, let event): "organization." + word(of: event)
        case .account(_, _, let event): "account." + word(of: event)
        case .employee(_, _, let event): "employee." + word(of: event)
        case .group(_, _, let event): "group." + word(of: event)
        case .app(_, _, let event): "organization." + word(of: event)
        case .webhook(_, _, let event): "organization." + word(of: event)
        case .trail(let entity, _, let event): "\(entity.kind.word)." + word(of: event)
        }
    }

    private static func word(of event: TrailEvent) -> String {
        switch event {
        case .read: "audit_read"
        case .exported: "audit_exported"
        }
    }

    private static func word(of event: AppEvent) -> String {
        switch event {
        case .added: "app_added"
        case .changed: "app_changed"
        case .secretsChanged: "app_secrets_changed"
        case .deactivated: "app_deactivated"
        case .activated: "app_activated"
        }
    }

    private static func word(of event: WebhookEvent) -> String {
        switch event {
        case .created: "webhook_created"
        case .changed: "webhook_changed"
        case .disabled: "webhook_disabled"
        case .enabled: "webhook_enabled"
        case .deleted: "webhook_deleted"
        }
    }

    private static func word(of event: EntityEvent) -> String {
        switch event {
        case .profileChanged: "profile_changed"
        case .deactivated: "deactivated"
        case .activated: "activated"
        case .mappingSet: "mapping_set"
        case .mappingRemoved: "mapping_removed"
        case .preferencesSet: "preferences_set"
        case .preferencesRemoved: "preferences_removed"
        case .erased: "erased"
        }
    }

    private static func word(of event: MembershipEvent) -> String {
        switch event {
        case .joined: "group_joined"
        case .left: "group_left"
        case .typeChanged: "membership_type_changed"
        }
    }

    private static func word(of event: GroupEvent) -> String {
        switch event {
        case .created: "created"
        case .renamed: "renamed"
        case .typeChanged: "type_changed"
        }
    }

    private static func word(of event: OrganizationEvent) -> String {
        switch event {
        case .created: "created"
        case .renamed: "renamed"
        case .aliasChanged: "alias_changed"
        case .importStarted: "import_started"
        case .importStopped: "import_stopped"
        case .importCompleted: "import_completed"
        case .keyCreated: "key_created"
        case .keyDeleted: "key_deleted"
        }
    }

    private static func word(of event: AccountEvent) -> String {
        switch event {
        case .created: "created"
        case .renamed: "renamed"
        case .emailChanged: "email_changed"
        case .roleGranted: "role_granted"
        case .roleRevoked: "role_revoked"
        }
    }

    private static func word(of event: EmployeeEvent) -> String {
        switch event {
        case .created: "created"
        case .renamed: "renamed"
        case .emailChanged: "email_changed"
        case .roleChanged: "role_changed"
        case .typeChanged: "type_changed"
        case .accountLinked: "account_linked"
        case .accountUnlinked: "account_unlinked"
        case .managerAssigned: "manager_assigned"
        case .managerRemoved: "manager_removed"
        case .managerTypeChanged: "manager_type_changed"
        }
    }
}
