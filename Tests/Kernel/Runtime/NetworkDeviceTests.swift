import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Interfaces that become a container's. Needs root, and a network namespace that these tests may change.
@Suite(.serialized) struct NetworkDeviceTests {
  /// A veth pair: the end `proa-dev` with two addresses, up; gone afterwards wherever it is.
  private func with(_ body: (NetlinkLink) throws -> Void) throws {
    var socket = try NetlinkSocket.open(.route)
    let here = try FileDescriptor.open("/proc/self/ns/net")
    try socket.createVeth(.init(name: "proa-dev"), master: nil, peer: .init(name: "proa-peer"), in: here)
    let outcome = Result {
      let link = try #require(try socket.link(named: "proa-dev"))
      let prefix = try #require(IPv4Prefix("10.99.1.2/24"))
      try socket.addAddress(NetlinkAddress(link: link.index, prefix: prefix))
      try socket.setLink(link.index, up: true)
      try body(link)
    }
    if let peer = try socket.link(named: "proa-peer") { try socket.deleteLink(peer.index) }
    try outcome.get()
  }

  @Test func movesAndKeepsAddresses() throws {
    try with { _ in
      try Bundle.with {
        $0.linux?.netDevices = ["proa-dev": LinuxNetDevice()]
        $0.linux?.netDevices["proa-dev"]?.name = "net%d"
        $0.process?.args = ["/bin/busybox", "ip", "addr", "show", "net0"]
      } _: { bundle in
        let outcome = try bundle.run()
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("inet 10.99.1.2/24 ") && outcome.output.contains(",UP"), "\(outcome.output)")
      }
    }
  }

  /// What fails later gives the interface back as it was.
  @Test func givesBackWhatWasMoved() throws {
    try with { link in
      try Bundle.with {
        $0.linux?.netDevices = ["proa-dev": LinuxNetDevice()]
        $0.process?.args = ["nope"]
      } _: { bundle in
        let outcome = try bundle.run()
        #expect(outcome.status == 1 && outcome.errors.contains("executable file not found"), "\(outcome.errors)")
        var socket = try NetlinkSocket.open(.route)
        let back = try #require(try socket.link(named: "proa-dev"))
        let addresses = try socket.addresses(of: IPv4Address.self).filter { $0.link == back.index }.map {
          "\($0.prefix)"
        }
        #expect(back.isUp && back.address == link.address && addresses == ["10.99.1.2/24"])
      }
    }
  }

  @Test(arguments: [("proa-dev", "lo", "has a lo already"), ("nobody0", "", "find interface nobody0: no such device")])
  func refusals(host: String, name: String, words: String) throws {
    try with { _ in
      try Bundle.with {
        var device = LinuxNetDevice()
        device.name = name
        $0.linux?.netDevices = [host: device]
      } _: { bundle in
        let outcome = try bundle.run()
        #expect(outcome.status == 1 && outcome.errors.contains("linux.netDevices.\(host): "), "\(outcome.errors)")
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        var socket = try NetlinkSocket.open(.route)
        #expect(try socket.link(named: "proa-dev") != nil)
      }
    }
  }
}
