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
    ("/b", "invalid volume specification: '/b'"),
    (
      "/a:b",
      "invalid volume specification: '/a:b': invalid mount config for type \"bind\": invalid mount path: 'b' mount path"
    ),
    ("/a:/b:ro:x", "invalid volume specification"), ("/a:/", "destination can't be '/'"),
    ("/a:/b/..", "destination can't be '/'"), ("/a:/b:fast", "invalid mode: fast"),
    ("data:/b:bind", "invalid mode: bind"), ("data:/", "destination can't be '/'"),
  ])
  func refuses(text: String, message: String) {
    #expect(performing: { try MountRequest(bind: text) }, throws: { "\($0)".contains(message) })
  }

  @Test func aNameIsAVolumes() throws {
    let mount = try MountRequest(bind: "data:/b:ro,nocopy")
    #expect(mount.kind == .volume && mount.source == "data" && mount.readOnly && !mount.copies && !mount.createsSource)
    #expect(try MountRequest(bind: "data:/b").copies)
  }

  @Test func refusesTwoMountsOnOnePath() {
    var host = HostConfiguration()
    host.binds = ["/a:/x", "/b:/x/"]
    #expect(throws: ContainerError.invalid("Duplicate mount point: /x/")) {
      try host.validate(on: ServiceFixture.machine)
    }
  }

  @Test(arguments: [
    ("", "/x", MountRequest.Kind.bind, "field Source must not be empty"),
    ("/x", "", .bind, "field Target must not be empty"), ("x", "/x", .bind, "'x' mount path must be absolute"),
    ("/x", "/y", .tmpfs, "field Source must not be specified"),
  ])
  func refusesMounts(source: String, target: String, kind: MountRequest.Kind, message: String) {
    var mount = MountRequest()
    (mount.source, mount.target, mount.kind) = (source, target, kind)
    #expect(
      performing: { try mount.validate() },
      throws: { "\($0)".contains("invalid mount config for type \"\(kind.rawValue)\": ") && "\($0)".contains(message) })
  }

  @Test func aMissingSourceIsMadeOnlyForBinds() throws {
    try MountRequest(bind: "/no/such/folder:/x").checkSource()
    var mount = MountRequest()
    (mount.source, mount.target) = ("/no/such/folder", "/x")
    #expect(
      throws: ContainerError.invalid(
        "invalid mount config for type \"bind\": bind source path does not exist: /no/such/folder")
    ) { try mount.checkSource() }
  }

  @Test func volumesAreThoseWhereNothingElseIsMounted() throws {
    var host = HostConfiguration()
    host.binds = ["/tmp:/data/"]
    host.tmpfs = ["/scratch": ""]
    host.binds.append("kept:/kept")
    let volumes = try host.volumes(at: ["/data", "/scratch", "/kept", "/other"])
    #expect(volumes.map(\.name) == ["kept", ""])
    #expect(volumes.map(\.target) == ["/kept", "/other"])
    #expect(volumes.map(\.isAnonymous) == [false, true])
  }

  @Test(arguments: [
    ("", ["noexec", "nosuid", "nodev", "rprivate"]),
    ("exec,size=1m", ["nosuid", "nodev", "rprivate", "exec", "size=1m"]),
  ])
  func tmpfsOptions(text: String, merged: [String]) throws { #expect(try TmpfsOptions.merged(text) == merged) }

  @Test(arguments: [
    ("bogus", "[\"bogus\"]"), ("bogus=1", "[\"bogus\" \"1\"]"), ("size", "[\"size\"]"),
    ("size=bogus", "[\"size\" \"bogus\"]"), ("mode=99", "[\"mode\" \"99\"]"), ("uid=a", "[\"uid\" \"a\"]"),
    ("ro,nr_inodes=-1", "[\"nr_inodes\" \"-1\"]"), ("size=", "[\"size\" \"\"]"),
  ])
  func refusesTmpfsOptions(text: String, named: String) {
    #expect(throws: ContainerError.invalid("invalid tmpfs option \(named)")) { try TmpfsOptions.merged(text) }
  }

  @Test(arguments: ["size=10%", "size=1g,mode=1777", "uid=7,gid=8,nr_inodes=4k,mpol=local"])
  func tmpfsValues(text: String) throws {
    #expect(try TmpfsOptions.merged(text).suffix(1) == [String(text.split(separator: ",").last ?? "")])
  }

  @Test(arguments: [
    (false, false, true, true, "rro"), (true, false, true, true, "ro"), (false, false, false, true, "ro"),
    (false, false, true, false, "ro"), (false, true, true, true, "rro"),
  ])
  func whatIsUnderAReadOnlyBind(
    nonRecursive: Bool, forced: Bool, recursive: Bool, locksTrees: Bool, access: String
  ) throws {
    var request = try MountRequest(bind: "/h:/c:ro")
    (request.readOnlyNonRecursive, request.readOnlyForceRecursive) = (nonRecursive, forced)
    request.recursive = recursive
    try request.validate()
    var host = HostConfiguration()
    host.mounts = [request]
    let mounts = try SpecMounts(host: host, files: [], locksTrees: locksTrees).all()
    #expect(mounts.first { $0.destination == "/c" }?.options[1] == access)
  }

  @Test func readOnlyWishesThatContradict() throws {
    var request = try MountRequest(bind: "/h:/c:ro")
    request.readOnlyForceRecursive = true
    request.readOnlyNonRecursive = true
    #expect(throws: ContainerError.self) { try request.validate() }
    (request.readOnlyNonRecursive, request.readOnly) = (false, false)
    #expect(throws: ContainerError.self) { try request.validate() }
  }

  @Test func optionsOfATmpfsMount() throws {
    var request = MountRequest()
    (request.kind, request.target, request.options) = (.tmpfs, "/t", ["exec", "uid=7"])
    request.size = 4096
    try request.validate()
    var host = HostConfiguration()
    host.mounts = [request]
    let mount = try SpecMounts(host: host, files: []).all().first { $0.destination == "/t" }
    #expect(mount?.options == ["nosuid", "nodev", "rprivate", "rw", "size=4096", "exec", "uid=7"])
    request.options = ["bogus"]
    #expect(throws: ContainerError.self) { try request.validate() }
  }

  @Test func theHostsQueuesComeOnlyIfThereAreSome() throws {
    var host = HostConfiguration()
    host.ipcMode = .host
    let with = try SpecMounts(host: host, files: []).all().map(\.destination)
    let without = try SpecMounts(host: host, files: [], hostPaths: ["/dev/shm"]).all().map(\.destination)
    #expect(with.contains("/dev/mqueue") && with.contains("/dev/shm"))
    #expect(!without.contains("/dev/mqueue") && without.contains("/dev/shm"))
  }

  @Test(arguments: [(true, "ro"), (false, "rw")])
  func theManagersFilesAreAsTheRootIs(isReadonly: Bool, access: String) throws {
    var host = HostConfiguration()
    host.readonlyRootfs = isReadonly
    host.binds = ["/h:/etc/hostname"]
    let files = [("/etc/hosts", "/d/hosts"), ("/etc/hostname", "/d/hostname")]
    let mounts = try SpecMounts(host: host, files: files).all()
    #expect(mounts.first { $0.destination == "/etc/hosts" }?.options == ["rbind", access, "rprivate"])
    #expect(mounts.filter { $0.destination == "/etc/hostname" }.map(\.options) == [["rbind", "rw", "rprivate"]])
  }

  @Test func requestedMountsComeLastOuterFirstAndReplaceDefaults() throws {
    var host = HostConfiguration()
    host.binds = ["/h/deep:/data/deep", "/h:/data:ro"]
    host.tmpfs = ["/dev/shm": "size=1m,exec"]
    let mounts = try SpecMounts(host: host, files: [("/etc/hosts", "/d/hosts")]).all()
    let order = mounts.map(\.destination)
    #expect(
      order.prefix(7) == ["/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/data"])
    #expect(order.dropFirst(7) == ["/etc/hosts", "/data/deep", "/dev/shm"])
    #expect(mounts.first { $0.destination == "/data" }?.options == ["rbind", "rro", "rprivate"])
    #expect(mounts.filter { $0.destination == "/dev/shm" }.count == 1)
    #expect(mounts.first { $0.destination == "/dev/shm" }?.options.contains("noexec") == false)
  }
}
