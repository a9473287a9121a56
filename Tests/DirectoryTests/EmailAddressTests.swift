import Directory
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "a@b", "ada.keller+hr@acme.example", "admin@directory.localhost", "jürgen@münchen.de", "用户@例え.jp",
        "o'neill@x.ie",
        String(repeating: "a", count: 64) + "@x.de",
    ])
    func `An address is a local part, one @ and a domain`(_ text: String) {
        #expect(EmailAddress.isValid(text))
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@x.de", "a@x .de", "a\u{A0}@x.de", "a\n@x.de", "<a@x.de>", "a,b@x.de",
        ".a@x.de", "a.@x.de", "a..b@x.de", "a@x..de", "a@.de", "a@x.de.", "a@-x.de", "a@x-.de",
        String(repeating: "a", count: 65) + "@x.de", "a@" + String(repeating: "b", count: 64) + ".de",
        "a@" + String(repeating: "bc.", count: 84) + "de",
    ])
    func `Anything else is not an address`(_ text: String) {
        #expect(!EmailAddress.isValid(text))
    }
}
