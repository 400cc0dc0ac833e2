import Testing

@testable import Containers

/// `--link` on the default network: how it is written, and what a container is told.
struct LegacyLinkTests {
  @Test(arguments: [
    ("db", "db", "db"), ("db:base", "db", "base"), ("/db:/web/base", "db", "base"), ("/db:base", "db", "base"),
  ])
  func `a link names a container and what it is called`(text: String, target: String, alias: String) throws {
    let link = try LegacyLink(docker: text)
    #expect(link.target == target && link.alias == alias)
  }

  @Test(arguments: ["", "a:b:c", ":b", "a:", "a:b c", "a:b\nc"])
  func `what names nothing is refused`(text: String) {
    #expect(throws: ContainerError.self) { try LegacyLink(docker: text) }
  }

  private func linked(_ ports: [String], alias: String = "my-db") -> LinkedContainer {
    LinkedContainer(
      alias: alias, owner: "web", name: "db", hostname: "abc", address: "10.0.0.2", addresses: ["10.0.0.2", "fd00::2"],
      ports: ports.compactMap(PortBinding.init(exposed:)),
      environment: ["PATH=/bin", "HOME=/", "A=b=c", "EMPTY=", "NOTHING"])
  }

  @Test func `without ports there are the name and the other's variables`() {
    #expect(
      linked([]).variables == ["MY_DB_NAME=/web/my-db", "MY_DB_ENV_A=b=c", "MY_DB_ENV_EMPTY="])
  }

  @Test func `each port has its variables, TCP and lower ones first`() {
    #expect(
      linked(["53/udp", "53/tcp"]).variables.prefix(9) == [
        "MY_DB_PORT=tcp://10.0.0.2:53",
        "MY_DB_PORT_53_TCP=tcp://10.0.0.2:53", "MY_DB_PORT_53_TCP_ADDR=10.0.0.2", "MY_DB_PORT_53_TCP_PORT=53",
        "MY_DB_PORT_53_TCP_PROTO=tcp",
        "MY_DB_PORT_53_UDP=udp://10.0.0.2:53", "MY_DB_PORT_53_UDP_ADDR=10.0.0.2", "MY_DB_PORT_53_UDP_PORT=53",
        "MY_DB_PORT_53_UDP_PROTO=udp",
      ])
  }

  @Test func `runs of three ports and more have their ends`() {
    let variables = linked(["82/tcp", "80/tcp", "81/tcp", "90/tcp", "91/tcp"]).variables
    #expect(
      variables[1...4] == [
        "MY_DB_PORT_80_TCP_START=tcp://10.0.0.2:80", "MY_DB_PORT_80_TCP_PORT_START=80",
        "MY_DB_PORT_82_TCP_END=tcp://10.0.0.2:82", "MY_DB_PORT_82_TCP_PORT_END=82",
      ])
    #expect(variables.filter { $0.contains("_START") }.count == 2)
  }

  @Test func `lines of a link lead to where it is, and stay out of the others' way`() {
    let text = HostsFile.base + HostsFile.lines(linked([], alias: "db")) + "10.0.0.9\tdb2\n10.0.0.3\tweb\n"
    #expect(text.contains("10.0.0.2\tdb abc\nfd00::2\tdb abc\n10.0.0.9\tdb2\n"))
    let moved = HostsFile.moving("db", to: ["10.0.0.7"], in: text)
    #expect(moved == HostsFile.base + "10.0.0.7\tdb abc\n10.0.0.9\tdb2\n10.0.0.3\tweb\n")
    #expect(HostsFile.moving("db", to: [], in: moved) == HostsFile.base + "10.0.0.9\tdb2\n10.0.0.3\tweb\n")
    #expect(HostsFile.lines(linked([])) == "10.0.0.2\tmy-db abc db\nfd00::2\tmy-db abc db\n")
  }
}
