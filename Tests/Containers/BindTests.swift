import Testing

@testable import Containers

@Suite struct BindTests {
  @Test func readsOptions() throws {
    let mount = try MountRequest(bind: "/a:/b:ro,z,rslave")
    #expect(mount.source == "/a" && mount.target == "/b" && mount.readOnly && mount.propagation == "rslave")
    #expect(mount.createsSource)
    #expect(try MountRequest(bind: "/a:/b").readOnly == false)
  }

  @Test(arguments: [
    ("/b", "invalid volume specification: '/b'"), ("/a:b", "invalid mount path: 'b' must be absolute"),
    ("/a:/b:ro:x", "invalid volume specification"), ("/a:/", "destination can't be '/'"),
    ("/a:/b/..", "destination can't be '/'"), ("/a:/b:fast", "invalid mode: fast"), ("data:/b", "named volumes"),
  ])
  func refuses(text: String, message: String) {
    #expect(performing: { try MountRequest(bind: text) }, throws: { "\($0)".contains(message) })
  }

  @Test func refusesTwoMountsOnOnePath() {
    var host = HostConfiguration()
    host.binds = ["/a:/x", "/b:/x/"]
    #expect(throws: ContainerError.invalid("Duplicate mount point: /x/")) { try host.validate() }
  }

  @Test func requestedMountsComeLastOuterFirstAndReplaceDefaults() throws {
    var host = HostConfiguration()
    host.binds = ["/h/deep:/data/deep", "/h:/data:ro"]
    host.tmpfs = ["/dev/shm": "size=1m,exec"]
    let mounts = try SpecMounts(host: host, files: [("/etc/hosts", "/d/hosts")]).all()
    let order = mounts.map(\.destination)
    #expect(
      order.prefix(7) == ["/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/etc/hosts"])
    #expect(order.dropFirst(7).first == "/data")
    #expect(Set(order.dropFirst(8)) == ["/data/deep", "/dev/shm"])
    #expect(mounts.first { $0.destination == "/data" }?.options == ["rbind", "ro", "rprivate"])
    #expect(mounts.filter { $0.destination == "/dev/shm" }.count == 1)
    #expect(mounts.first { $0.destination == "/dev/shm" }?.options.contains("noexec") == false)
  }
}
