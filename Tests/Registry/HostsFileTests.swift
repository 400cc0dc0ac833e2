import Testing

@testable import Registry

struct HostsFileTests {
  private func read(_ text: String) throws -> HostsFile { try HostsFile(Array(text.utf8), folder: "/certs") }

  @Test func everySetting() throws {
    let file = try read(
      #"""
      # where else
      server = "https://registry.example.com"
      ca = "server.crt"

      [host."https://first.example.com"]
        capabilities = ["pull", "resolve"]   # no push
        ca = ["/etc/a.pem", 'b.pem']
        client = [["c.cert", "c.key"]]
        skip_verify = true
        [host."https://first.example.com".header]
          x-one = "1"
          "x-two" = ["2", "3"]

      [host."http://second.example.com:5000/copies"]
        override_path = true
        header = { x-three = "a\u00e4" }
      """#)
    #expect(file.server.address == WebAddress("https://registry.example.com"))
    #expect(file.server.authorities == ["/certs/server.crt"])
    let (first, second) = (try #require(file.hosts.first), try #require(file.hosts.last))
    #expect(first.address?.description == "https://first.example.com/")
    #expect(first.capabilities == [.pull, .resolve])
    #expect(first.authorities == ["/etc/a.pem", "/certs/b.pem"])
    #expect(first.client == HostsFile.ClientFiles(certificate: "/certs/c.cert", key: "/certs/c.key"))
    #expect(first.skipsVerification && !first.overridesPath)
    #expect(first.headers.map { "\($0.name)=\($0.value)" } == ["x-one=1", "x-two=2", "x-two=3"])
    #expect(second.address?.description == "http://second.example.com:5000/copies")
    #expect(second.overridesPath && second.capabilities == .all)
    #expect(second.headers.map(\.value) == ["a\u{e4}"])
  }

  @Test func theHostsStayInTheirOrder() throws {
    let names = (0..<20).map { "https://h\(($0 * 7) % 20)" }
    let file = try read(names.map { "[host.\"\($0)\"]\n" }.joined())
    #expect(file.hosts.map { $0.address?.description } == names.map { "\($0)/" })
  }

  @Test(arguments: [
    ("[host.\"https://a\"]\nfly = true", "/certs/hosts.toml: host.\"https://a\".fly: there is no such setting"),
    ("ca = 5", "/certs/hosts.toml: ca: expected a string or an array of them"),
    ("capabilities = [\"fly\"]", "/certs/hosts.toml: capabilities: \"fly\" is neither pull, resolve nor push"),
    ("client = [\"a\", \"b\"]", "/certs/hosts.toml: client: more than one certificate is not supported"),
    ("server = \"ftp://a\"", "/certs/hosts.toml: server: \"ftp://a\" is not the address of a registry"),
    (
      "server = \"https://me:secret@a\"",
      "/certs/hosts.toml: server: \"https://me:secret@a\" is not the address of a registry"
    ),
    ("header = { \"a:b\" = \"c\" }", "/certs/hosts.toml: header.a:b: this is no header"),
    ("header = { a = \"c\\r\\nd: e\" }", "/certs/hosts.toml: header.a: this is no header"),
    ("host = 5", "/certs/hosts.toml: host: expected tables"),
  ])
  func whatIsWrongIsNamed(text: String, message: String) {
    let error = #expect(throws: RegistryError.self) { try read(text) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    ("a = 1\na = 2", 2, "a is there already"), ("[a]\n[a]", 2, "the table is there already"),
    ("a = 1\n[a]", 2, "the table is there already"), ("a", 1, "expected \"=\""), ("a = ", 1, "expected a string"),
    ("a = 1.5", 1, "expected a string"), ("a = \"x", 1, "a string has no end"),
    ("\n\na = [1, 2", 3, "expected \",\" or \"]\""),
    ("[[a]]", 1, "arrays of tables are not supported"), ("a = \"\"\"x\"\"\"", 1, "strings of several lines"),
    ("a = \"\\q\"", 1, "a string has an escape"), ("a = 1 b = 2", 1, "expected the end of the line"),
    ("a.b.c.d.e.f.g.h.i = 1", 1, "nested too deep"), ("a = [[[[[[[[[1]]]]]]]]]", 1, "nested too deep"),
    ("a = 99999999999999999999", 1, "expected a string"), ("[a", 1, "expected \"]\""), ("= 1", 1, "expected a name"),
  ])
  func otherTextsAreRefused(text: String, line: Int, reason: String) {
    let error = #expect(throws: TOMLError.self) { try TOMLReader.read(Array(text.utf8)) }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true)
  }

  @Test func whatIsTooLongIsRefused() {
    #expect(throws: TOMLError.self) { try TOMLReader.read([UInt8](repeating: 0x20, count: 70_000)) }
  }
}
