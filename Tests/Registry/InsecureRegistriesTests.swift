import Registry
import Testing

struct InsecureRegistriesTests {
  @Test(arguments: ["localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000"])
  func thisMachineIsAlways(_ domain: String) {
    #expect(InsecureRegistries().contains(domain))
  }

  @Test(arguments: ["docker.io", "128.0.0.1", "localhost.example", "127.0.0.1.example", "example:5000"])
  func othersAreNot(_ domain: String) {
    #expect(!InsecureRegistries().contains(domain))
  }

  @Test func whatIsNamedIs() throws {
    let registries = try InsecureRegistries(["example:5000", "Other", "10.1.0.0/16"])
    #expect(["example:5000", "other", "other:1", "10.1.2.3:5000"].allSatisfy(registries.contains))
    #expect(!["example", "example:5001", "10.2.0.1", "other.example"].contains(where: registries.contains))
  }

  @Test(arguments: ["10.0.0.0/33", "10.0.0/8", "http://a", "a/b", "", "user@host"])
  func nonsenseIsRefused(_ text: String) {
    #expect(throws: RegistryError.self) { try InsecureRegistries([text]) }
  }
}
