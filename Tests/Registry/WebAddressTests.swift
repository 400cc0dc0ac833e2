import Testing

@testable import Registry

struct WebAddressTests {
  @Test(arguments: [
    ("https://registry-1.docker.io/v2/", "https://registry-1.docker.io/v2/"),
    ("HTTP://Localhost:5000", "http://localhost:5000/"), ("https://a:443/x?y=z#part", "https://a/x?y=z"),
    ("http://[::1]:80/a", "http://[::1]/a"), ("http://a?b", "http://a/?b"),
  ])
  func anAddressIsRead(_ text: String, _ written: String) {
    #expect(WebAddress(text)?.description == written)
  }

  @Test(arguments: [
    "", "x", "ftp://a/", "https://", "https:///x", "https://user@a/", "https://a:b@c/", "http://a:0/",
    "http://a:65536/",
    "http://a:+1/", "http://a b/", "http://a/\r\nHost: b", "http://a\\b/", "http://::1/", "file:///etc/passwd",
  ])
  func anythingElseIsRefused(_ text: String) {
    #expect(WebAddress(text) == nil)
  }

  @Test(arguments: [
    ("/other?q", "https://host:5000/other?q"), ("//else/x", "https://else/x"), ("http://a/b", "http://a/b"),
    ("next", "https://host:5000/v2/next"), ("?n=1", "https://host:5000/v2/list?n=1"),
  ])
  func aLocationIsFollowed(_ location: String, _ expected: String) {
    #expect(WebAddress("https://host:5000/v2/list?last=1")?.resolving(location)?.description == expected)
  }

  @Test(arguments: ["ftp://a/b", "https://user:password@b/", "javascript://x"])
  func aLocationThatLeadsNowhere(_ location: String) {
    #expect(WebAddress("https://host/v2/")?.resolving(location) == nil)
  }

  @Test func valuesAreEscaped() {
    let address = WebAddress("https://a/token")?.with("service", "x y&z").with("scope", "repository:ä:pull")
    #expect(address?.target == "/token?service=x%20y%26z&scope=repository%3A%C3%A4%3Apull")
  }
}
