import Glibc
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// A user without any rights, and the runtime as he runs it. Needs root, to become him.
struct OrdinaryUser {
  static let id = UInt32(41_234)
  /// The first of the ids that `/etc/subuid` and `/etc/subgid` give him, and how many.
  static let (firstSubordinate, subordinates) = (UInt32(500_000), UInt32(65_536))

  /// What is his alone.
  let folder: String
  /// Gives its arguments to the runtime.
  let program: String

  var runtimeFolder: String { "\(folder)/run" }

  /// Runs `body` with a bundle of his, as `spec --rootless` makes it.
  /// - Parameters:
  ///   - before: run by root in the shell that becomes him.
  ///   - program: the runtime.
  static func with(
    program: String = RuntimeProgram.path, before: String = ":", _ change: (inout Spec) -> Void = { _ in },
    _ body: (OrdinaryUser, Bundle) throws -> Void
  ) throws {
    let folder = "/tmp/proa-user-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let user = OrdinaryUser(folder: folder, program: "\(folder)/runtime")
    try user.make(program, before)
    do {
      try Bundle.with(program: user.program) { bundle in
        try user.own(bundle, change)
        try body(user, bundle)
      }
    } catch {
      try Directory.removeTree(folder)
      throw error
    }
    try Directory.removeTree(folder)
  }

  private func make(_ program: String, _ before: String) throws {
    try Directory.make(runtimeFolder, mode: 0o755)
    try give(runtimeFolder)
    let ids = "proa-user:\(Self.firstSubordinate):\(Self.subordinates)\n"
    let user = "root:x:0:0::/:/bin/sh\nproa-user:x:\(Self.id):\(Self.id)::/:/bin/sh\n"
    for (name, text) in [("passwd", user), ("subuid", ids), ("subgid", ids)] {
      try AtomicFile.write(Array(text.utf8), to: "\(folder)/\(name)", mode: 0o644)
    }
    let script = """
      for name in passwd subuid subgid; do mount --bind \(folder)/$name /etc/$name; done
      \(before)
      export XDG_RUNTIME_DIR=\(runtimeFolder)
      exec /usr/bin/setpriv --reuid \(Self.id) --regid \(Self.id) --clear-groups \(program) "$@"
      """
    try AtomicFile.write(Array(script.utf8), to: "\(folder)/script", mode: 0o755)
    let start = "#!/bin/sh\nexec unshare --mount --propagation private sh -eu \(folder)/script \"$@\"\n"
    try AtomicFile.write(Array(start.utf8), to: self.program, mode: 0o755)
    try waitUntilExecutable()
  }

  /// A child of another test that was forked while the file was written holds it for a moment, until it executes its program.
  private func waitUntilExecutable() throws {
    let deadline = Deadline(afterMilliseconds: 10_000)
    while true {
      do {
        _ = try RuntimeProgram.run(["--version"], program: program)
        return
      } catch let error as SyscallError {
        guard error.errno.rawValue == ETXTBSY, !deadline.hasPassed else { throw error }
        deadline.pause(milliseconds: 5)
      }
    }
  }

  private func own(_ bundle: Bundle, _ change: (inout Spec) -> Void) throws {
    try Directory.removeTree("\(bundle.folder)/config.json")
    for path in [bundle.folder, "\(bundle.folder)/rootfs"] { try give(path) }
    for name in try Directory.names("\(bundle.folder)/rootfs") { try give("\(bundle.folder)/rootfs/\(name)") }
    let made = try RuntimeProgram.run(["spec", "--rootless", "--bundle", bundle.folder], program: program)
    try #require(made.status == 0, "\(made.errors)")
    try configure(bundle, change)
  }

  /// Changes the configuration, which stays his.
  func configure(_ bundle: Bundle, _ change: (inout Spec) -> Void) throws {
    try bundle.configure {
      $0.linux?.cgroupsPath = nil
      change(&$0)
    }
    try give("\(bundle.folder)/config.json")
  }

  func give(_ path: String) throws {
    guard chown(path, Self.id, Self.id) == 0 else { throw SyscallError("chown", path, errno: .init(rawValue: errno)) }
  }
}

extension Spec {
  /// Root is he, the others are his subordinates: what takes `newuidmap` and `newgidmap`.
  mutating func mapSubordinates() {
    let mappings = [
      LinuxIDMapping(containerID: 0, hostID: OrdinaryUser.id, size: 1),
      LinuxIDMapping(containerID: 1, hostID: OrdinaryUser.firstSubordinate, size: OrdinaryUser.subordinates),
    ]
    linux?.uidMappings = mappings
    linux?.gidMappings = mappings
  }
}
