import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// A bundle with busybox for a root, made as `proa-runtime spec` makes it.
struct Bundle {
  let folder: String
  let id: String
  /// The runtime that is tested.
  let program: String
  var root: String { "\(folder)/state" }

  /// Runs `body` with a bundle, and checks that nothing of the container is left when it is gone.
  static func with(
    program: String = RuntimeProgram.path, _ change: (inout Spec) -> Void = { _ in }, _ body: (Bundle) throws -> Void
  ) throws {
    let id = "proa-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let bundle = Bundle(folder: "/tmp/\(id)", id: id, program: program)
    try bundle.make(change)
    do { try body(bundle) } catch {
      try bundle.destroy()
      throw error
    }
    try bundle.destroy()
  }

  private func make(_ change: (inout Spec) -> Void) throws {
    for name in ["bin", "etc", "tmp", "proc", "sys", "dev", "home"] {
      try Directory.make("\(folder)/rootfs/\(name)", mode: 0o755)
    }
    try AtomicFile.write(AtomicFile.read("/bin/busybox"), to: "\(folder)/rootfs/bin/busybox", mode: 0o755)
    let passwd = "root:x:0:0::/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n"
    try AtomicFile.write(Array(passwd.utf8), to: "\(folder)/rootfs/etc/passwd", mode: 0o644)
    for name in ["sh", "sleep", "true", "cat"] { symlink("busybox", "\(folder)/rootfs/bin/\(name)") }
    let made = try RuntimeProgram.run(["spec", "--bundle", folder])
    try #require(made.status == 0, "\(made.errors)")
    try configure(change)
  }

  /// Changes `config.json`.
  func configure(_ change: (inout Spec) -> Void) throws {
    var spec = try Spec(jsonText: AtomicFile.read("\(folder)/config.json"))
    spec.process?.terminal = false
    spec.linux?.cgroupsPath = "/\(id)"
    change(&spec)
    try AtomicFile.write(JSONWriter.bytes(spec), to: "\(folder)/config.json")
  }

  @discardableResult
  func runtime(_ arguments: String..., input: String = "") throws -> RuntimeProgram.Outcome {
    try RuntimeProgram.run(["--root", root] + arguments, input: input, program: program)
  }

  /// Runs the container in the foreground.
  func run() throws -> RuntimeProgram.Outcome { try runtime("run", "--bundle", folder, id) }

  func start() throws {
    let outcome = try runtime("run", "--detach", "--bundle", folder, id)
    try #require(outcome.status == 0, "\(outcome.errors)")
  }

  /// What `state` says.
  func state() throws -> JSONValue { try JSONReader.read(try runtime("state", id).output) }

  var status: String? { get throws { try state()["status"]?.string } }

  /// Waits for an event that nothing announces to these tests.
  func waitFor(_ status: String) throws {
    let deadline = Deadline(afterMilliseconds: 20_000)
    while try self.status != status {
      try #require(!deadline.hasPassed, "not \(status) in time")
      deadline.pause(milliseconds: 20)
    }
  }

  private func destroy() throws {
    let deleted = try runtime("delete", "--force", id)
    #expect(deleted.status == 0, "\(deleted.errors)")
    #expect(try remains().isEmpty)
    try Directory.removeTree(folder)
  }

  /// Cgroups, mounts and state of the container.
  private func remains() throws -> [String] {
    var found = ["", "/unified"].flatMap { paths(below: "/sys/fs/cgroup\($0)") }
    for name in try Directory.folders(in: "/sys/fs/cgroup") { found += paths(below: "/sys/fs/cgroup/\(name)") }
    let mounts = String(decoding: try AtomicFile.read("/proc/self/mountinfo"), as: UTF8.self)
    found += mounts.split(separator: "\n").filter { $0.contains(id) }.map(String.init)
    return found + (try known())
  }

  /// What the runtime keeps in its state directory, beside its compiled filters.
  func known() throws -> [String] {
    access(root, F_OK) == 0 ? try Directory.names(root).filter { $0 != ".seccomp~" } : []
  }

  private func paths(below folder: String) -> [String] {
    access("\(folder)/\(id)", F_OK) == 0 ? ["\(folder)/\(id)"] : []
  }
}
