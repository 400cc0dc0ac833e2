import JSON
import LinuxKernel
import Testing

@testable import Networks

struct PortTests {
  @Test(arguments: [
    ("80/tcp", "", "", PortBinding(containerPort: 80)),
    ("80", "0.0.0.0", "0", PortBinding(containerPort: 80, hostAddress: .v4(.any))),
    ("80/sctp", "", "", PortBinding(containerPort: 80, transport: .sctp)),
    ("53/UDP", "", "5353", PortBinding(containerPort: 53, transport: .udp, hostPorts: 5353...5353)),
    (
      "65535/tcp", "127.0.0.1", "8000-8010",
      PortBinding(containerPort: 65535, hostAddress: .v4(IPv4Address(rawValue: 0x7F00_0001)), hostPorts: 8000...8010)
    ),
  ])
  func `a binding is read as Docker's commands write it`(port: String, ip: String, host: String, expected: PortBinding)
    throws
  {
    #expect(try PortBinding(port: port, hostIP: ip, hostPort: host) == expected)
  }

  @Test(arguments: [
    ("", "", ""), ("0/tcp", "", ""), ("65536/tcp", "", ""), ("+80", "", ""), ("80/dccp", "", ""), ("80/tcp/", "", ""),
    ("80", "::x", ""), ("80", "fe80::1%eth0", ""), ("80", "localhost", ""), ("80", "", "x"), ("80", "", "8010-8000"),
    ("80", "", "1-2-3"),
    ("80", "", "-1"),
    ("80", "", "70000"), ("80", "", "80;drop"),
  ])
  func `what cannot be published is refused by name`(port: String, ip: String, host: String) {
    #expect {
      try PortBinding(port: port, hostIP: ip, hostPort: host)
    } throws: { error in
      let culprit = ip.isEmpty ? (host.isEmpty ? port : host) : ip
      return "\(error)".contains("\"\(culprit)\"")
    }
  }

  @Test func `an endpoint survives its JSON form, unknown members included`() throws {
    let text =
      #"{"containerID":"c","network":"bridge","address":"172.30.0.2","prefixLength":16,"gateway":"172.30.0.1","#
      + #""interface":"eth0","hostInterface":"veth0","ports":[{"containerPort":80,"protocol":"tcp","hostAddress":"0.0.0.0","#
      + #""hostPort":8080}],"later":1}"#
    #expect(JSONWriter.string(try Endpoint(jsonText: Array(text.utf8))) == text)
    #expect(throws: JSONError.self) { try Endpoint(jsonText: Array(text.replacing("172.30.0.2", with: "172.30").utf8)) }
  }

  @Test func `the host's interface is named by the container, within fifteen bytes`() {
    let names = (0..<1000).map { ContainerLink.hostInterface(for: "\($0)", on: "proa0") }
    #expect(Set(names).count == 1000)
    #expect(names.allSatisfy { $0.utf8.count == 15 && ContainerLink.isHostInterface($0) })
    #expect(
      ContainerLink.hostInterface(for: "a", on: "proa0") != ContainerLink.hostInterface(for: "a", on: "proa1"))
    #expect(
      ContainerLink.hostInterface(for: "a", on: "proa0") == ContainerLink.hostInterface(for: "a", on: "proa0"))
    #expect(!ContainerLink.isHostInterface("veth1234567") && !ContainerLink.isHostInterface("vethABCDEF01234"))
  }
}
