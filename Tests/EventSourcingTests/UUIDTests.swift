import FoundationEssentials
import Testing

@testable import EventSourcing

@Suite struct UUIDTests {
    /// The example of RFC 9562, appendix A.6.
    @Test func `A new id is a UUID of version 7`() {
        let instant = Instant(microseconds: 0x017F_22E2_79B0 * 1000 + 999)
        let id = UUID.version7(at: instant, random: (0xFCC3, 0xFFFF_FFFF_FFFF_FFFF & 0x18C4_DC0C_0C07_398F))
        #expect(id.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(UUID.version7(at: instant).text.hasPrefix("017f22e2-79b0-7"))
        #expect(UUID.version7(at: instant) != UUID.version7(at: instant))
    }

    @Test func `The text of a UUID is Foundation's, in lower case`() {
        for _ in 0..<1000 {
            let id = UUID()
            #expect(id.text == id.uuidString.lowercased())
            #expect(UUID(text: id.text) == id && UUID(text: id.uuidString) == id)
        }
    }

    @Test(arguments: [
        "", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e279b07cc398c4dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}",
        "017f22e27-9b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c0739é", "------------------------------------",
    ])
    func `Text that is not a UUID is refused`(text: String) {
        #expect(UUID(text: text) == nil)
    }

    @Test func `Bytes are written as lower-case hexadecimal`() {
        #expect(([0, 15, 16, 255] as [UInt8]).hexadecimal == "000f10ff")
    }
}
