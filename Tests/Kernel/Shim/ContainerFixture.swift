import JSON
import LinuxKernel
import ShimProtocol
import Testing

/// A bundle with busybox, and a shim for it. What a test starts is gone after ``run(_:_:)``, or the test fails.
struct ContainerFixture {
  let bundle: BundleLayout
  let id: String
  private let root: String
  /// Whether there is a file system of its own at `root`.
  private let hasDisk: Bool

  struct Options {
    var terminal = false
    var stdin = false
    var stdinOnce = false
    var consoleSize: TerminalSize?
    var log = true
    var memory: Int64?
    /// A process outside of a pid namespace may outlive init.
    var pidNamespace = true
    /// Makes the bundle's path longer than a socket address.
    var longPath = false
    /// Bytes of the file system that the bundle is on, `nil` for whatever `/tmp` is on.
    var diskSize: Int?
    /// Folders that the shim itself is to join.
    var shimCgroups: [String] = []
    var healthCheck: HealthCheck?
  }

  /// The runtimes that the shim is driven with: our own, and runc where it is installed.
  static var runtimes: [String] {
    [beside("proa-runtime"), "/usr/sbin/runc", "/usr/bin/runc"].filter { (try? FileStatus.of($0)) != nil }
  }

  /// Makes a container of `command`, a script for busybox's shell, and hands its fixture to `body`; with each runtime.
  static func run(
    _ command: String, _ options: Options = Options(), _ body: (ContainerFixture) throws -> Void
  ) throws {
    try #require(!runtimes.isEmpty)
    for runtime in runtimes { try run(command, options, runtime, body) }
  }

  private static func run(
    _ command: String, _ options: Options, _ runtime: String, _ body: (ContainerFixture) throws -> Void
  ) throws {
    let id = "proa-shim-test-\(CurrentProcess.pid)-\(UInt32.random(in: 0 ... .max))"
    let root = "/tmp/\(id)"
    let name = options.longPath ? String(repeating: "x", count: 120) : "bundle"
    let fixture = ContainerFixture(
      bundle: BundleLayout(path: "\(root)/\(name)"), id: id, root: root, hasDisk: options.diskSize != nil)
    do {
      try fixture.prepare(command, options, runtime)
      try fixture.startShim()
      try body(fixture)
    } catch { Issue.record("\(error) with \(runtime); \(fixture.complaints())") }
    try fixture.tearDown()
  }

  func client() throws -> ShimClient { try ShimClient(bundle) }

  func attach(
    _ process: ProcessReference = .container, stdin: Bool = false, lossless: Bool = false
  ) throws -> ShimClient {
    let client = try client()
    let request = AttachRequest(process: process, stdin: stdin, stdout: true, stderr: true, lossless: lossless)
    try #require(try client.request(.attach(request)) == .done)
    return client
  }

  func createAndStart() throws {
    let client = try client()
    guard case .process = try client.request(.create) else { throw ShimClient.Failure(description: "not created") }
    try #require(try client.request(.start) == .done)
  }

  func wait(_ process: ProcessReference = .container) throws -> ExitRecord {
    guard case .exited(let record) = try client().request(.wait(process)) else {
      throw ShimClient.Failure(description: "no exit record")
    }
    return record
  }

  func state() throws -> ShimState {
    guard case .state(let state) = try client().request(.state) else {
      throw ShimClient.Failure(description: "no state")
    }
    return state
  }

  var logPath: String { "\(root)/container.log" }

  /// The log's records as (stream, text).
  func log() throws -> [(String, String)] {
    try AtomicFile.read(logPath).split(separator: 0x0A).map { line in
      let record = try JSONReader.read(Array(line))
      return (record["stream"]?.string ?? "", record["log"]?.string ?? "")
    }
  }

  // MARK: - Before

  private func prepare(_ command: String, _ options: Options, _ runtime: String) throws {
    if let size = options.diskSize {
      try Directory.make(root)
      try Mounts.mount("tmpfs", on: root, type: "tmpfs", data: "size=\(size)")
    }
    for folder in ["bin", "proc", "dev", "sys", "tmp"] { try Directory.make("\(bundle.rootfs)/\(folder)", mode: 0o755) }
    let busybox = try AtomicFile.read("/bin/busybox")
    try AtomicFile.write(busybox, to: "\(bundle.rootfs)/bin/busybox", mode: 0o755, durability: .visible)
    try write(specification(command, options), to: bundle.configuration)
    var configuration = ShimConfiguration()
    configuration.id = id
    configuration.runtime = runtime
    configuration.runtimeArguments = ["--root", "\(root)/runtime"]
    configuration.terminal = options.terminal
    configuration.stdin = options.stdin
    configuration.stdinOnce = options.stdinOnce
    configuration.consoleSize = options.consoleSize
    configuration.cgroups = options.shimCgroups
    configuration.healthCheck = options.healthCheck
    if options.log { configuration.log = LogConfiguration(.jsonFile, path: logPath) }
    try write(configuration, to: bundle.shimConfiguration)
  }

  private func write(_ value: some JSONConvertible, to path: String) throws {
    try AtomicFile.write(JSONWriter.bytes(value), to: path, durability: .visible)
  }

  static func process(_ command: String, terminal: Bool = false) -> JSONValue {
    .object(
      JSONObject([
        ("terminal", .bool(terminal)), ("cwd", .string("/")),
        ("user", .object(JSONObject([("uid", .number(JSONNumber(0))), ("gid", .number(JSONNumber(0)))]))),
        ("env", .array([.string("PATH=/bin")])),
        ("args", .array([.string("/bin/busybox"), .string("sh"), .string("-c"), .string(command)])),
      ]))
  }

  private func specification(_ command: String, _ options: Options) -> JSONValue {
    func object(_ members: (String, JSONValue)...) -> JSONValue { .object(JSONObject(members.map { ($0.0, $0.1) })) }
    let kinds = (options.pidNamespace ? ["pid"] : []) + ["mount", "ipc", "uts", "network"]
    let namespaces = kinds.map { object(("type", .string($0))) }
    var linux = JSONObject([
      ("namespaces", .array(namespaces)), ("cgroupsPath", .string("/\(id)")),
    ])
    if let memory = options.memory {
      linux["resources"] = object(("memory", object(("limit", .number(JSONNumber(memory))))))
    }
    return object(
      ("ociVersion", .string("1.0.2")), ("process", Self.process(command, terminal: options.terminal)),
      ("root", object(("path", .string("rootfs")))), ("hostname", .string("shim-test")),
      (
        "mounts",
        .array([
          object(("destination", .string("/proc")), ("type", .string("proc")), ("source", .string("proc"))),
          object(("destination", .string("/dev")), ("type", .string("tmpfs")), ("source", .string("tmpfs"))),
          object(("destination", .string("/dev/pts")), ("type", .string("devpts")), ("source", .string("devpts"))),
        ])
      ),
      ("linux", .object(linux)))
  }

  private func startShim() throws {
    let null = try FileDescriptor.open("/dev/null", .readWrite)
    let complaints = try FileDescriptor.open("\(root)/shim.stderr", [.writeOnly, .create])
    let pid = try ChildProcess.spawn(
      Self.shim, [Self.shim, "--bundle", bundle.path], stdin: null, stdout: null, stderr: complaints)
    let ended = try #require(try Processes.reap(pid))
    try #require(ended.status == .exited(0), "\(complaints_(root))")
  }

  private func complaints_(_ root: String) -> String {
    (try? AtomicFile.read("\(root)/shim.stderr")).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// What a shim that misbehaves may have said.
  private func complaints() -> String {
    complaints_(root) + ((try? AtomicFile.read(bundle.shimLog)).map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  static var shim: String { beside("proa-shim") }

  /// An executable beside the tests'.
  private static func beside(_ name: String) -> String {
    let tests = (try? CurrentProcess.resolve("/proc/self/exe")) ?? ""
    return (tests.lastIndex(of: "/").map { String(tests[..<$0]) } ?? "") + "/\(name)"
  }

  // MARK: - After

  private func tearDown() throws {
    let pid = (try? AtomicFile.read(bundle.shimPid)).flatMap { Int32(String(decoding: $0.dropLast(), as: UTF8.self)) }
    if pid != nil { #expect(try client().request(.delete) == .done, "\(complaints())") }
    if let pid {
      try poll("shim \(pid) is still there") { !Self.isRunning(pid) }
    }
    #expect(try FileStatus.of(bundle.socket) == nil)
    #expect(try FileStatus.of(bundle.shimPid) == nil)
    if hasDisk { try Mounts.detach(root) }
    let mounts = String(decoding: try AtomicFile.read("/proc/self/mountinfo"), as: UTF8.self)
    #expect(!mounts.contains(id))
    // The hierarchies of v1 are folders in there, v2 alone is the folder itself.
    let hierarchies =
      try ["."]
      + Directory.names("/sys/fs/cgroup").filter {
        try FileStatus.of("/sys/fs/cgroup/\($0)")?.kind == .directory
      }
    for hierarchy in hierarchies { #expect(try FileStatus.of("/sys/fs/cgroup/\(hierarchy)/\(id)") == nil) }
    try Directory.removeTree(root)
  }

  /// Whether there is such a process that is more than an entry in its parent's table.
  static func isRunning(_ pid: Int32) -> Bool {
    guard let stat = try? AtomicFile.read("/proc/\(pid)/stat") else { return false }
    let text = String(decoding: stat, as: UTF8.self)
    let state = text.lastIndex(of: ")").map { text[$0...].dropFirst(2).prefix(1) }
    return state != "Z" && state != "X"
  }

  /// Waits until `condition` holds, at most ten seconds.
  func poll(_ complaint: String, _ condition: () throws -> Bool) throws {
    let deadline = MonotonicTime.now + 10_000
    let epoll = try Epoll()
    while !(try condition()) {
      guard MonotonicTime.now < deadline else { throw ShimClient.Failure(description: complaint) }
      try epoll.wait(milliseconds: 10) { _ in }
    }
  }
}
