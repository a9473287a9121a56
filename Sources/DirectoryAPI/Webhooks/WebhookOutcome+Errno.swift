#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension WebhookOutcome.Failure {
    /// The errors of the system that say that there is no connection.
    static let refusals: Set<Int32> = [
        ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ENETDOWN, EHOSTDOWN, ETIMEDOUT, EADDRNOTAVAIL, EACCES, EPERM,
        EAFNOSUPPORT,
    ]
}
