import Testing

@testable import Registry

struct ProxySettingsTests {
  private func host(for address: String, none: String = "") throws -> String? {
    let settings = try ProxySettings(http: "http://plain:3128", https: "me:se%40cret@secure:8080/", none: none)
    let origin = try #require(WebAddress(address)).origin
    return settings.proxy(for: origin)?.host
  }

  @Test func theSchemeChooses() throws {
    #expect(try host(for: "http://registry.example") == "plain")
    #expect(try host(for: "https://registry.example") == "secure")
    let settings = try ProxySettings(http: "", https: "http://me:se%40cret@secure:8080", none: "")
    let (secure, plain) = (try #require(WebAddress("https://a")), try #require(WebAddress("http://a")))
    let proxy = try #require(settings.proxy(for: secure.origin))
    #expect(proxy.port == 8080 && proxy.username == "me" && proxy.password == "se@cret")
    #expect(settings.proxy(for: plain.origin) == nil)
    #expect(settings.texts.https == "http://xxxxx:xxxxx@secure:8080")
  }

  @Test(arguments: ["https://localhost:5000", "https://127.0.0.1", "http://127.5.5.5:80", "https://[::1]:5000"])
  func thisMachineNeedsNone(_ address: String) throws { #expect(try host(for: address) == nil) }

  @Test(arguments: [
    ("*", "https://a.example", true), ("example", "https://example", true), ("example", "https://a.example", true),
    ("example", "https://anexample", false), (".example", "https://example", false),
    (".example", "https://a.example", true), ("*.example", "https://a.example", true),
    ("example:5000", "https://example:5000", true), ("example:5000", "https://example", false),
    ("10.0.0.0/8", "https://10.1.2.3", true), ("10.0.0.0/8", "https://11.1.2.3", false),
    ("10.1.2.3", "https://10.1.2.3:5000", true), ("a, EXAMPLE ,b", "https://example", true), (",,", "https://a", false),
  ])
  func someAreSpokenToDirectly(none: String, address: String, isDirect: Bool) throws {
    #expect((try host(for: address, none: none) == nil) == isDirect)
  }

  @Test(arguments: ["https://secure:1", "socks5://a:1", "http://", "http://a:b:c:d", "http://me:%zz@a:1"])
  func othersAreRefused(_ text: String) {
    let error = #expect(throws: RegistryError.self) { try ProxySettings(http: text, https: "", none: "") }
    #expect(error?.description.contains("%zz") == false)
  }
}
