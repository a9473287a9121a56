import DirectoryEvents
import Testing

@Suite struct TextRuleTests {
    private static let rules: [TextRule] = [.line, .name, .url, .prose]

    @Test(arguments: [
        "a\u{0}", "\u{1B}[1m", "\u{7F}a", "a\u{85}b", "\u{202E}gpj.exe", "a\u{202A}b", "a\u{2066}b", "a\u{2069}",
        "\u{FEFF}a", "co\u{AD}op", "a\u{2060}b", "a\u{2064}b", "a\u{200B}b", "a\r\nb",
        // Before a mark they are one character with it.
        "a\u{200B}\u{301}b", "a\r\u{301}",
    ])
    func `No text has a control character, or one that is invisible or turns others round`(_ text: String) {
        for rule in Self.rules { #expect(!rule.allows(text)) }
    }

    @Test func `Only prose has tabs and line feeds`() {
        for text in ["a\tb", "a\nb", "a\n\u{301}b"] {
            #expect(Self.rules.filter { $0.allows(text) } == [.prose])
        }
    }

    @Test(arguments: [
        "می\u{200C}خواهم", "👩\u{200D}💻", "👩\u{200D}⚕\u{FE0F}", "🏳\u{FE0F}\u{200D}🌈", "ක\u{0DCA}\u{200D}ර",
        "র\u{200D}\u{09CD}য",
    ])
    func `A joiner between two visible characters is allowed`(_ text: String) {
        for rule in Self.rules { #expect(rule.allows(text)) }
    }

    @Test(arguments: [
        "\u{200D}a", "a\u{200D}", "a\u{200D} b", "a \u{200D}b", "a\u{200C}\u{200C}b", "a\u{200D}\u{200C}b",
        "a\u{200D}\u{FE0F}b", "\u{301}\u{200D}a", "\u{3164}\u{200D}a", "a\u{200D}\u{2800}",
    ])
    func `A joiner at an end, or next to what is invisible, is refused`(_ text: String) {
        for rule in Self.rules { #expect(!rule.allows(text)) }
    }

    @Test(arguments: [
        "", " ", "\u{A0}", "\u{2003}\u{3000}", "\u{2800}", "\u{3164}", "\u{115F}\u{1160}", "\u{FFA0}", "\u{200E}",
        "\u{301}", " \u{301}", "\u{FE0F}", "\u{E0041}", "\u{34F}", "\u{2028}", "\u{FFFF}",
    ])
    func `A name has a visible character`(_ text: String) {
        #expect(!TextRule.name.allows(text))
        #expect(TextRule.line.allows(text))
        #expect(TextRule.name.allows("\(text)x"))
    }

    @Test func `A text is as long as its bytes`() {
        for rule in Self.rules {
            #expect(rule.allows(String(repeating: "é", count: rule.bytes / 2)))
            #expect(!rule.allows(String(repeating: "é", count: rule.bytes / 2 + 1)))
        }
    }

    @Test func `What is only recorded loses what no text may have`() {
        #expect(TextRule.cleaned("curl\u{202E}\u{0}/8\u{200B}\u{301}") == "curl/8\u{301}")
    }
}
