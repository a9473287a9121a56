import NIOSSL

/// A certificate that names the host `receiver.test` and was signed by nobody else, for tests alone.
package enum ReceiverCertificate {
    package static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem)
    }

    static func configuration() throws -> TLSConfiguration {
        .makeServerConfiguration(
            certificateChain: [.certificate(try certificate())],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
    }

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjeirKXVYzqc0VSIv
        O0Tq5lr8klB91ZcMuocx/Ni7KpOhRANCAARQoVgiBLBYC3y3UWyzbIQWCoyWtzp5
        mrCXO6m44PA2AieLLdTUEcPdrkjT7JATPt3b3SRgBOeR1GPWL5fN9ze4
        -----END PRIVATE KEY-----
        """

    private static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBbTCCAROgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1yZWNlaXZl
        ci50ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
        VQQDDA1yZWNlaXZlci50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEUKFY
        IgSwWAt8t1Fss2yEFgqMlrc6eZqwlzupuODwNgIniy3U1BHD3a5I0+yQEz7d290k
        YATnkdRj1i+Xzfc3uKNMMEowGAYDVR0RBBEwD4INcmVjZWl2ZXIudGVzdDAPBgNV
        HRMBAf8EBTADAQH/MB0GA1UdDgQWBBRGKRfSh5yE0neXzzs5mhb0FNA4HzAKBggq
        hkjOPQQDAgNIADBFAiAxYstRemGwkjRs7vY7H/KkLpYq4WGNqJWvjcxWi+5GUQIh
        AKE+iwwKBRNx3/PPmdy2T/e6I0zpft2pD8UhafEQ7nvo
        -----END CERTIFICATE-----
        """
}
