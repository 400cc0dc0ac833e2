import Dispatch
import Testing

@testable import Volumes

/// File systems of other machines, by their names.
struct ServerTests {
  private func mount(_ type: String, _ device: String, _ options: String) throws -> VolumeMount {
    try #require(try VolumeOptions(["type": type, "device": device, "o": options]).mount)
  }

  @Test(
    arguments: [
      ("nfs", ":/x", "ro,addr=server,vers=4", "server", "addr=10.0.0.1,vers=4"),
      ("nfs4", ":/x", "addr=server.example.", "server.example.", "addr=10.0.0.1"),
      ("cifs", "//server/share", "user=a,ip=other", "other", "user=a,addr=10.0.0.1"),
      ("cifs", "//server/share/deep", "user=a", "server", "user=a,addr=10.0.0.1"),
      ("smb3", "\\\\server\\share", "", "server", "addr=10.0.0.1"),
    ])
  func `an address takes the place of a name`(
    type: String, device: String, options: String, server: String, data: String
  ) throws {
    let mount = try mount(type, device, options)
    #expect(mount.server == server)
    let reaching = try mount.reaching("10.0.0.1")
    #expect(reaching.data == data && reaching.device == device && reaching.server == nil)
    #expect(reaching.flags == mount.flags)
  }

  @Test(
    arguments: [
      ("nfs", ":/x", "addr=10.0.0.1"), ("nfs", ":/x", "addr=fd00::1"), ("nfs", ":/x", "addr=fe80::1%eth0"),
      ("nfs", ":/x", "addr=,rw"), ("nfs", "server:/x", "mountaddr=server"), ("cifs", "//10.0.0.1/share", "user=a"),
      ("cifs", "share", "user=a"), ("cifs", "//server/share", "ip=10.0.0.1"), ("ext4", "/dev/x", "addr=server"),
    ])
  func `there is none to resolve`(type: String, device: String, options: String) throws {
    #expect(try mount(type, device, options).server == nil)
  }

  @Test func `what gets too long is refused`() throws {
    let mount = try mount("nfs", ":/x", "addr=s," + String(repeating: "a", count: 4087))
    #expect(throws: VolumeError.self) { try mount.reaching("10.0.0.1") }
  }

  @Test func `the machine's own name is known`() async throws {
    #expect(try await HostResolver().address(of: "localhost") == "127.0.0.1")
  }

  /// No name server is asked for these.
  @Test(arguments: ["", String(repeating: "a", count: 300)])
  func `what can be no name is told`(host: String) async {
    await #expect(throws: HostResolver.Failure.self) { try await HostResolver().address(of: host) }
  }

  @Test func `who does not answer is not waited for`() async throws {
    let end = DispatchSemaphore(value: 0)
    defer { end.signal() }
    let resolver = HostResolver(patience: 1_000_000) { _ in
      end.wait()
      return "10.0.0.1"
    }
    await #expect(throws: HostResolver.Failure(reason: "i/o timeout")) { try await resolver.address(of: "server") }
  }
}
