import Crypto
import Directory
import EventSourcing
import FoundationEssentials

/// Makes something with a secret of its own, which the log never sees: only the answer to this request shows it.
struct Revealing<Creation: Mutation>: Mutation {
    private let creation: Creation
    /// As it is shown.
    let secret: String

    /// - Parameters:
    ///   - written: how 32 random bytes are shown.
    ///   - creation: makes what gets this id, with the secret as it is kept.
    init(
        _ request: APIRequest, as written: ([UInt8]) -> String, _ creation: (UUID, Secret) throws -> Creation
    ) throws {
        let id = request.newID()
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        secret = written(bytes)
        self.creation = try creation(id, request.service.secrets.seal(bytes, for: Secrets.Key(owner: id)))
    }

    var loads: [Load] { creation.loads }

    func authorize(_ view: View, _ caller: Authority) throws -> Permit<Creation.Subject> {
        try creation.authorize(view, caller)
    }

    func decide(_ view: View, _ caller: Authority, _ permit: Permit<Creation.Subject>) throws -> [ProposedEvent] {
        try creation.decide(view, caller, permit)
    }

    func sideWrites(_ view: View, _ permit: Permit<Creation.Subject>) throws -> [SideWrite] {
        try creation.sideWrites(view, permit)
    }
}

extension Revealed {
    /// The secret of what was made.
    static func secret<Creation>(_ name: StaticString) -> Revealed where M == Revealing<Creation> {
        Revealed(name: name) { $0.secret }
    }
}
