import Directory
import DirectoryEvents
import Testing

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "a@b", "ada.keller+hr@acme.example", "admin@directory.localhost", "jürgen@münchen.de", "用户@例え.jp",
        "o'neill@x.ie", "!#$%&'*+-/=?^_`{|}~@x.de", "andre\u{301}@x.fr", "हिन्दी@उदाहरण.भारत", "٣@x.eg", "1\u{301}@x.de",
        "a@xn--mnchen-3ya.de", "a@x--y.de", String(repeating: "a", count: 64) + "@x.de",
    ])
    func `An address is a local part, one @ and a domain`(_ text: String) {
        #expect(EmailAddress.isValid(text))
        #expect(EmailAddress.isValid(SearchText.emailKey(text)))
    }

    @Test(arguments: [
        "", "a", "@", "a@", "@b", "a@b@c", "a b@x.de", "a@x .de", "a\u{A0}@x.de", "a\n@x.de", "<a@x.de>", "a,b@x.de",
        ".a@x.de", "a.@x.de", "a..b@x.de", "a@x..de", "a@.de", "a@x.de.", "a@-x.de", "a@x-.de", "\"a b\"@x.de",
        String(repeating: "a", count: 65) + "@x.de", "a@" + String(repeating: "b", count: 64) + ".de",
        "a@" + String(repeating: "bc.", count: 84) + "de",
    ])
    func `Anything else is not an address`(_ text: String) {
        #expect(!EmailAddress.isValid(text))
    }

    @Test(arguments: [
        "a@\u{301}@x", "a@\u{301}x.de", "a.\u{301}b@x.de", "a@x.\u{301}de", "\u{301}a@x.de", "a=\u{338}@x.de",
        "a@x-\u{301}y.de",
    ])
    func `A mark makes no character with an @, a dot or a sign`(_ text: String) {
        #expect(!EmailAddress.isValid(text))
    }

    @Test(arguments: [
        "a@exa!mple.com", "a@x_y.de", "a@x'y.de", "a@[127.0.0.1]", "a@x:25", "a/b@x/y", "a\u{20AC}@x.de", "🦉@x.de",
        "a@🦉.de", "²@x.de", "a;b@x.de", "a\\@x.de",
    ])
    func `A sign has its place in the local part, or none`(_ text: String) {
        #expect(!EmailAddress.isValid(text))
    }

    @Test(arguments: [
        "\u{200B}", "\u{200C}", "\u{200D}", "\u{AD}", "\u{FEFF}", "\u{2060}", "\u{3164}", "\u{115F}", "\u{FE0F}",
        "\u{34F}",
        "\u{202E}", "\u{E0041}", "\u{2800}", "\u{0}", "\u{85}", "\u{378}",
    ])
    func `An address has nothing invisible`(_ invisible: String) {
        for text in ["a\(invisible)b@x.de", "a@x\(invisible)y.de", "a@x.de\(invisible)", "\(invisible)a@x.de"] {
            #expect(!EmailAddress.isValid(text))
        }
    }

    @Test func `An address is short enough in lower case too`() {
        // In lower case this letter takes three bytes instead of two.
        #expect(EmailAddress.isValid(String(repeating: "\u{23A}", count: 21) + "@x.de"))
        #expect(!EmailAddress.isValid(String(repeating: "\u{23A}", count: 22) + "@x.de"))
    }
}
