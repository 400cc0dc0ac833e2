import Containers
import EngineAPI
import JSON
import Testing

@testable import EngineServer

@Suite struct CreateTranslationTests {
  /// What docker 28.2.2 sends for `run -d -p 8080:80 -v /a:/b:ro --memory 64m --cpus 1.5 --cap-add NET_ADMIN …`.
  static let body = """
    {"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":false,"AttachStderr":false,
    "ExposedPorts":{"80/tcp":{}},"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":null,
    "Image":"busybox","Volumes":{},"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":{},
    "HostConfig":{"Binds":["/a:/b:ro"],"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},
    "NetworkMode":"default","PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]},
    "RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,"VolumeDriver":"","VolumesFrom":null,
    "ConsoleSize":[0,0],"CapAdd":["CAP_NET_ADMIN"],"CapDrop":null,"CgroupnsMode":"","Dns":["9.9.9.9"],"DnsOptions":[],
    "DnsSearch":[],"ExtraHosts":["a:1.2.3.4"],"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,
    "PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,"SecurityOpt":null,
    "Tmpfs":{"/t":""},"UTSMode":"","UsernsMode":"","ShmSize":0,"Isolation":"","CpuShares":0,"Memory":67108864,
    "NanoCpus":1500000000,"CgroupParent":"","BlkioWeight":0,"BlkioWeightDevice":[],"BlkioDeviceReadBps":[],
    "BlkioDeviceWriteBps":[],"BlkioDeviceReadIOps":[],"BlkioDeviceWriteIOps":[],"CpuPeriod":0,"CpuQuota":0,
    "CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,"CpusetCpus":"","CpusetMems":"","Devices":[],
    "DeviceCgroupRules":null,"DeviceRequests":null,"MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":-1,
    "OomKillDisable":false,"PidsLimit":0,"Ulimits":[{"Name":"nofile","Hard":20,"Soft":10}],"CpuCount":0,
    "CpuPercent":0,"IOMaximumIOps":0,"IOMaximumBandwidth":0,"MaskedPaths":null,"ReadonlyPaths":null},
    "NetworkingConfig":{"EndpointsConfig":{"default":{"IPAMConfig":null,"Links":null,"Aliases":null,"MacAddress":"",
    "DriverOpts":null,"GwPriority":0,"NetworkID":"","EndpointID":"","Gateway":"","IPAddress":"","IPPrefixLen":0,
    "IPv6Gateway":"","GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}}}
    """

  private func request() throws -> ContainerCreateRequest {
    try ContainerCreateRequest(jsonText: Array(Self.body.utf8))
  }

  @Test func whatTheDockerCommandSendsPasses() throws {
    let wish = try CreateTranslation.request(try request())
    #expect(wish.image == "busybox")
    #expect(wish.configuration.exposedPorts == ["80/tcp"])
    #expect(wish.host.binds == ["/a:/b:ro"])
    #expect(wish.host.networkMode == .bridge)
    #expect(wish.host.portBindings == [Containers.PortBinding(containerPort: 80, hostPort: 8080)])
    #expect(wish.host.capabilitiesAdded == ["CAP_NET_ADMIN"])
    #expect(wish.host.tmpfs == ["/t": ""])
    #expect(wish.host.dns == ["9.9.9.9"])
    #expect(wish.host.extraHosts == ["a:1.2.3.4"])
    #expect(wish.host.resources.memory == 67_108_864)
    #expect(wish.host.resources.memorySwap == nil)
    #expect(wish.host.resources.memorySwappiness == nil)
    #expect(wish.host.resources.pids == nil)
    #expect(wish.host.resources.nanoCPUs == 1_500_000_000)
    #expect(wish.host.resources.ulimits == [Containers.Ulimit(name: "nofile", soft: 10, hard: 20)])
    #expect(wish.host.cgroupMode == nil)
  }

  static let machine = MachineLimits(
    processors: 2, processorList: "0-1", memoryNodeList: "0", capabilities: ["CAP_NET_ADMIN"])

  /// What a container's start judges, as dockerd does it.
  @Test func endpointsArePassedOn() throws {
    var body = try request()
    body.config.macAddress = "02:00:00:00:00:01"
    body.networkingConfig?.endpoints?["default"]?.aliases = ["x"]
    var ipam = EndpointIPAMConfig()
    ipam.ipv4Address = "10.0.0.9"
    body.networkingConfig?.endpoints?["default"]?.ipam = ipam
    let endpoint = try #require(try CreateTranslation.request(body).endpoints["default"])
    #expect(endpoint.macAddress == "02:00:00:00:00:01")
    #expect(endpoint.aliases == ["x"] && endpoint.ipv4Address == "10.0.0.9")
    body.networkingConfig?.endpoints?["default"]?.ipam?.ipv4Address = "10.0.0"
    #expect(throws: APIError.invalidParameter("invalid IPv4 address: 10.0.0")) { try CreateTranslation.request(body) }
  }

  /// docker-py's.
  @Test func anotherSpellingOfRealTime() throws {
    let host = try HostConfig(jsonText: Array(#"{"CPURealtimePeriod":1000,"CPURealtimeRuntime":7}"#.utf8))
    let resources = ResourceTranslation.resources(host.resources)
    #expect(resources.cpuRealtimePeriod == 1000 && resources.cpuRealtimeRuntime == 7)
  }

  static func volume(_ change: (inout EngineAPI.Mount.VolumeOptions) -> Void) -> EngineAPI.Mount {
    var options = EngineAPI.Mount.VolumeOptions()
    change(&options)
    var mount = EngineAPI.Mount()
    (mount.target, mount.volumeOptions) = ("/x", options)
    return mount
  }

  static func driver(_ name: String, _ options: [String: String] = [:]) -> EngineAPI.Mount.VolumeDriver {
    var driver = EngineAPI.Mount.VolumeDriver()
    (driver.name, driver.options) = (name, options)
    return driver
  }

  static func mount(
    _ type: MountType, _ change: (inout EngineAPI.Mount) -> Void = { _ in }
  ) -> EngineAPI.Mount {
    var mount = EngineAPI.Mount()
    (mount.type, mount.source, mount.target) = (type, "busybox", "/x")
    change(&mount)
    return mount
  }

  /// Each means something that is not honoured: none may pass.
  static let refused: [(String, @Sendable (inout ContainerCreateRequest) -> Void)] = [
    ("volume driver", { $0.hostConfig?.volumeDriver = "nfs" }),
    ("volume driver \"nfs\"", { $0.hostConfig?.mounts = [Self.volume { $0.driverConfig = driver("nfs") }] }),
    ("AppArmor", { $0.hostConfig?.securityOptions = ["apparmor=mine"] }),
    ("SELinux", { $0.hostConfig?.securityOptions = ["label=type:x"] }),
    ("kernel memory", { $0.hostConfig?.resources.kernelMemory = 1 << 20 }),
    ("CPU counts", { $0.hostConfig?.resources.cpuCount = 1 }),
    ("link-local addresses", { $0.networkingConfig?.endpoints?["default"]?.ipam = .init(linkLocal: "169.254.0.9") }),
    ("mounts of type", { $0.hostConfig?.mounts = [Self.mount(.namedPipe)] }),
    ("cgroups of other", { $0.hostConfig?.cgroup = "container:x" }),
  ]

  @Test(arguments: refused.indices)
  func refuses(index: Int) throws {
    var request = try request()
    Self.refused[index].1(&request)
    let refusal = Self.refused[index].0
    #expect(
      performing: { try CreateTranslation.request(request).host.validate(on: Self.machine) },
      throws: { "\($0)".hasPrefix("not supported: ") && "\($0)".contains(refusal) })
  }

  @Test func volumes() throws {
    var request = try request()
    request.hostConfig?.volumesFrom = ["x:ro"]
    request.hostConfig?.mounts = [
      Self.volume {
        $0.subpath = "a/b"
        $0.driverConfig = Self.driver("local", ["type": "tmpfs"])
      }
    ]
    let host = try CreateTranslation.request(request).host
    try host.validate(on: Self.machine)
    let mount = try #require(host.mounts.first)
    #expect(host.volumesFrom == ["x:ro"] && mount.subpath == "a/b" && mount.driverOptions == ["type": "tmpfs"])
  }

  @Test func idMapsOfMounts() throws {
    let ids = "uids=1000-0-1;gids=1000-0-1"
    var request = try request()
    var mount = try EngineAPI.Mount(
      jsonText: Array(#"{"Type":"volume","Source":"v","Target":"/x","IDMap":"\#(ids)"}"#.utf8))
    request.hostConfig?.mounts = [mount]
    let host = try CreateTranslation.request(request).host
    try host.validate(on: Self.machine)
    #expect(host.mounts.first?.idMap == ids)
    #expect(HostResponse.hostConfig(host, runtimes: try RuntimeTable(["r": "/r"], default: "r")).mounts == [mount])
    for (kind, text) in [(MountType.tmpfs, ids), (.volume, "uids=1")] {
      (mount.type, mount.source, mount.idMap) = (kind, kind == .volume ? "v" : "", text)
      request.hostConfig?.mounts = [mount]
      #expect(throws: ContainerError.self) { try CreateTranslation.request(request).host.validate(on: Self.machine) }
    }
  }

  @Test(arguments: ["/a", "..", "a/../../b", "a\0b"])
  func refusesParts(subpath: String) throws {
    var request = try request()
    request.hostConfig?.mounts = [Self.volume { $0.subpath = subpath }]
    #expect(throws: ContainerError.self) { try CreateTranslation.request(request).host.validate(on: Self.machine) }
  }

  @Test func images() throws {
    let body = #"{"Type":"image","Source":"other","Target":"/x","ImageOptions":{"Subpath":"a"}}"#
    var request = try request()
    request.hostConfig?.mounts = [try EngineAPI.Mount(jsonText: Array(body.utf8))]
    let host = try CreateTranslation.request(request).host
    try host.validate(on: Self.machine)
    #expect(host.mounts.map(\.kind) == [.image] && host.mounts.map(\.subpath) == ["a"])
    let told = HostResponse.hostConfig(host, runtimes: try RuntimeTable(["r": "/r"], default: "r")).mounts
    #expect(told.map { JSONWriter.string($0) } == [body])
  }

  static let strangers: [(String, EngineAPI.Mount)] = [
    ("BindOptions", mount(.image) { $0.bindOptions = EngineAPI.Mount.BindOptions() }),
    ("VolumeOptions", mount(.image) { $0.volumeOptions = EngineAPI.Mount.VolumeOptions() }),
    ("TmpfsOptions", mount(.image) { $0.tmpfsOptions = EngineAPI.Mount.TmpfsOptions() }),
    ("ImageOptions", mount(.bind) { $0.imageOptions = EngineAPI.Mount.ImageOptions() }),
    ("ImageOptions", mount(.volume) { $0.imageOptions = EngineAPI.Mount.ImageOptions() }),
  ]

  @Test(arguments: strangers.indices)
  func optionsOfAnotherType(index: Int) throws {
    let (field, mount) = Self.strangers[index]
    var request = try request()
    request.hostConfig?.mounts = [mount]
    #expect(
      throws: ContainerError.invalid(
        "invalid mount config for type \"\(mount.type.rawValue)\": field \(field) must not be specified")
    ) { try CreateTranslation.request(request) }
  }

  @Test func platforms() throws {
    try CreateTranslation.check(platform: nil)
    try CreateTranslation.check(platform: "linux/\(SystemArchitecture.name)")
    #expect(throws: APIError.self) { try CreateTranslation.check(platform: "linux/s390x") }
    #expect(throws: APIError.self) { try CreateTranslation.check(platform: "windows") }
  }

  @Test(arguments: [
    ("80/tcp", "8080", Containers.PortBinding(containerPort: 80, hostPort: 8080)),
    ("53/udp", "", Containers.PortBinding(containerPort: 53, transport: .udp)),
    ("80", "8000-8010", Containers.PortBinding(containerPort: 80, hostPort: 8000, lastHostPort: 8010)),
  ])
  func ports(port: String, hostPort: String, binding: Containers.PortBinding) throws {
    let map = [port: PortBindings([EngineAPI.PortBinding(hostIP: "", hostPort: hostPort)])]
    #expect(try PortTranslation.bindings(map) == [binding])
    #expect(PortTranslation.map([binding]).values.first?.bindings?.first?.hostPort == hostPort)
  }

  @Test(arguments: [
    ("http", "80"), ("80/tcp/x", "80"), ("0", "80"), ("80/tcp", "x"), ("80/tcp", "9-8"), ("80/tcp", "1-2-3"),
  ])
  func refusesPorts(port: String, hostPort: String) {
    let map = [port: PortBindings([EngineAPI.PortBinding(hostIP: "", hostPort: hostPort)])]
    #expect(throws: ContainerError.self) { try PortTranslation.bindings(map) }
  }
}

extension EndpointIPAMConfig {
  fileprivate init(linkLocal address: String) {
    self.init()
    linkLocalIPs = [address]
  }
}

extension HealthConfig {
  fileprivate init(test: [String]) {
    self.init()
    self.test = test
  }
}
