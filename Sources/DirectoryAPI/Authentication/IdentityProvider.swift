import JWTKit
import Logging

/// The keys of an identity provider, whose tokens are accepted next to the service's own. They are fetched when it starts, and
/// again when a token names an unknown key or they have become old; as long as that fails, those that are known serve.
public actor IdentityProvider {
    /// Where the keys come from, and how its tokens name accounts.
    public struct Configuration: Sendable {
        /// Where the JSON Web Key Set is.
        public var source: KeySetSource
        /// Whether `sub` may be an account's e-mail address: only where the provider vouches for it.
        public var namesEmail = false
        /// The keys are fetched again at most once in this time, however many tokens name unknown ones.
        public var interval = Duration.seconds(60)
        /// After this time they are fetched again, while those that are known serve.
        public var age = Duration.seconds(600)

        public init(_ source: KeySetSource) { self.source = source }
    }

    /// Whether `sub` may be an account's e-mail address.
    nonisolated let namesEmail: Bool
    private let configuration: Configuration
    private let logger: Logger
    private var keys: [JSONWebKeySet.Name: JSONWebKeySet.Key] = [:]
    private var fetched = ContinuousClock.now
    private var lastRefetch: ContinuousClock.Instant?
    private var fetching: Task<Void, Never>?

    init(_ configuration: Configuration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        namesEmail = configuration.namesEmail
    }

    /// Fetches the keys for the first time; without them the service starts all the same, since the provider may be down.
    func start() async { await fetch() }

    /// The key of that name; `nil` where the provider has none.
    func key(_ name: JSONWebKeySet.Name) async -> JSONWebKeySet.Key? {
        if let key = keys[name] {
            if ContinuousClock.now - fetched > configuration.age { _ = refetch() }
            return key
        }
        await refetch()?.value
        return keys[name]
    }

    /// Whether a key is still the provider's.
    func holds(_ key: JSONWebKeySet.Key, under name: JSONWebKeySet.Name) -> Bool {
        if ContinuousClock.now - fetched > configuration.age { _ = refetch() }
        return keys[name]?.material == key.material
    }

    /// Fetches the keys again, unless that was tried just now. All who ask meanwhile wait for the same.
    private func refetch() -> Task<Void, Never>? {
        if let fetching { return fetching }
        let now = ContinuousClock.now
        if let lastRefetch, now - lastRefetch < configuration.interval { return nil }
        lastRefetch = now
        // Not part of the request that asks: its client may go, and others wait for the answer too.
        let task = Task { await fetch() }
        fetching = task
        return task
    }

    private func fetch() async {
        defer { fetching = nil }
        do {
            keys = try await JSONWebKeySet(parsing: configuration.source.read()).keys
            fetched = .now
            logger.debug("keys of the identity provider fetched", metadata: ["keys": "\(keys.count)"])
        } catch {
            logger.warning(
                "the keys of the identity provider cannot be fetched: those that are known serve",
                metadata: ["source": "\(configuration.source)", "known": "\(keys.count)", "error": "\(error)"])
        }
    }
}
