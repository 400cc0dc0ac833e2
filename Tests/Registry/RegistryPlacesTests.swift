import ImageFixtures
import LinuxKernel
import Testing

@testable import Registry

struct RegistryPlacesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func places(mirrors: [String] = []) throws -> RegistryPlaces {
    try RegistryPlaces(insecure: InsecureRegistries(["plain.example"]), mirrors: mirrors, folders: [folder.path])
  }

  private func keep(_ text: String, _ file: String, for registry: String) throws {
    try Directory.make("\(folder.path)/\(registry)")
    try AtomicFile.write(Array(text.utf8), to: "\(folder.path)/\(registry)/\(file)", durability: .visible)
  }

  @Test func mirrorsAreForDockersRegistryAlone() throws {
    let places = try places(mirrors: ["http://one.example:5000", "https://two.example/"])
    let hub = try places.readable("docker.io")
    #expect(
      hub.map { $0.origins.map(\.description) } == [
        ["http://one.example:5000"], ["https://two.example"], ["https://registry-1.docker.io"],
      ])
    #expect(hub.map(\.isItself) == [false, false, true])
    #expect(hub.allSatisfy { $0.root == "/v2" && $0.namespace == nil })
    #expect(try places.readable("other.example").count == 1)
    #expect(places.mirrorTexts == ["http://one.example:5000/", "https://two.example/"])
  }

  @Test(arguments: [
    ("one.example", "\"one.example\" is not a valid URI"),
    ("ftp://one.example", "unsupported scheme \"ftp\" in \"ftp://one.example\""),
    ("https://me:secret@one.example", "username/password not allowed in URI"),
    ("https://one.example/v2", "path, query, or fragment at end of the URI \"https://one.example/v2\""),
    ("https://one.example?a", "path, query, or fragment at end of the URI \"https://one.example?a\""),
    ("https://one.example/#a", "path, query, or fragment at end of the URI \"https://one.example/#a\""),
  ])
  func whatIsNoMirrorIsRefused(text: String, reason: String) {
    let error = #expect(throws: RegistryError.self) { try places(mirrors: [text]) }
    #expect(error?.description == "invalid mirror: \(reason)")
  }

  @Test func anInsecureOneIsTriedBothWays() throws {
    let endpoint = try places().itself("plain.example")
    #expect(endpoint.origins.map(\.description) == ["https://plain.example", "http://plain.example"])
    #expect(endpoint.isInsecure && endpoint.trust.own != nil)
    #expect(try places().itself("other.example").trust.own == nil)
  }

  @Test func hostsComeBeforeTheRegistry() throws {
    try keep(
      """
      [host."https://copies.example/x"]
      capabilities = ["pull"]
      [host."https://pushed.example/whole"]
      override_path = true
      capabilities = ["push"]
      """, "hosts.toml", for: "docker.io")
    let hub = try places().readable("docker.io")
    #expect(hub.map(\.root) == ["/x/v2", "/v2"])
    #expect(hub.map(\.namespace) == ["docker.io", nil])
    #expect(hub[0].capabilities == .pull)
  }

  @Test func anotherServerIsNotTheRegistry() throws {
    try keep("server = \"https://other.example\"", "hosts.toml", for: "registry.example")
    let endpoint = try places().itself("registry.example")
    #expect(!endpoint.isItself && endpoint.origins.map(\.description) == ["https://other.example"])
  }

  @Test(arguments: [
    (["a.cert"], "missing key a.key for client certificate a.cert. CA certificates must use the extension .crt"),
    (["a.key"], "missing client certificate a.cert for key a.key"), (["a.crt"], "a.crt cannot be used"),
    (["a.cert", "a.key", "b.cert", "b.key"], "more than one client certificate is not supported"),
  ])
  func filesThatCannotBeUsed(files: [String], message: String) throws {
    for file in files { try keep("nothing", file, for: "registry.example:5000") }
    let error = #expect(throws: RegistryError.self) { try places().itself("registry.example:5000") }
    #expect(error?.description.contains(message) == true)
  }
}
