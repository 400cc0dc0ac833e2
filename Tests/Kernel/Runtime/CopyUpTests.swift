import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// `tmpcopyup`, and destinations without a slash before them. Needs root.
@Suite(.serialized) struct CopyUpTests {
  private static func mount(_ destination: String, _ options: [String], type: String = "tmpfs") -> Mount {
    var mount = Mount()
    (mount.destination, mount.type, mount.source, mount.options) = (destination, type, "tmpfs", options)
    return mount
  }

  /// Runs a script in a container with `mounts`, on a root that `prepare` has filled.
  private func shell(
    _ script: String, _ mounts: [Mount], _ change: (inout Spec) -> Void = { _ in },
    prepare: (String) throws -> Void
  ) throws -> RuntimeProgram.Outcome {
    var outcome: RuntimeProgram.Outcome?
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", script]
      $0.process?.capabilities?.bounding = ["CAP_DAC_OVERRIDE"]
      $0.process?.capabilities?.permitted = ["CAP_DAC_OVERRIDE"]
      $0.process?.capabilities?.effective = ["CAP_DAC_OVERRIDE"]
      $0.mounts += mounts
      change(&$0)
    } _: { bundle in
      try prepare("\(bundle.folder)/rootfs")
      outcome = try bundle.run()
    }
    return try #require(outcome)
  }

  /// Every kind of file that an image may have, with what only the kernel's own calls can tell.
  private func fill(_ root: String) throws {
    try Directory.make("\(root)/data/sub", mode: 0o755)
    try AtomicFile.write(Array("content".utf8), to: "\(root)/data/sub/file")
    #expect(symlink("/etc/nowhere", "\(root)/data/link") == 0)
    #expect(mkfifo("\(root)/data/fifo", 0o640) == 0)
    #expect(mknod("\(root)/data/null", S_IFCHR | 0o600, 259) == 0)
    for (path, owner) in [("", UInt32(5)), ("/sub", 6), ("/sub/file", 7), ("/link", 8)] {
      #expect(lchown("\(root)/data\(path)", owner, owner + 100) == 0)
    }
    #expect(chmod("\(root)/data/sub/file", 0o4751) == 0 && chmod("\(root)/data", 0o1770) == 0)
    #expect(chmod("\(root)/data/sub", 0o2711) == 0)
    let folder = try FileDescriptor.open("\(root)/data/sub", [.readOnly, .directory])
    try folder.setAttribute("trusted.proa", to: Array("x".utf8), at: "file")
    try folder.setTimes(at: "file", seconds: 1_000_000_000, nanoseconds: 5)
  }

  @Test func theCopyIsLikeTheImage() throws {
    let script = """
      cd /data; busybox stat -c '%n %a %u:%g %F' . sub sub/file link fifo null; busybox stat -c %Y sub/file
      busybox cat sub/file; echo; busybox readlink link; busybox grep -c ' /data tmpfs' /proc/self/mounts
      echo new > sub/file; busybox cat sub/file
      """
    var left = ""
    let outcome = try shell(script, [Self.mount("/data", ["tmpcopyup", "nosuid", "nodev"])]) {
      $0.root?.readonly = false
    } prepare: {
      try fill($0)
      left = "\($0)/data/sub/file"
    }
    #expect(
      outcome.lines == [
        ". 1770 5:105 directory", "sub 2711 6:106 directory", "sub/file 4751 7:107 regular file",
        "link 777 8:108 symbolic link", "fifo 640 0:0 fifo", "null 600 0:0 character special file", "1000000000",
        "content", "/etc/nowhere", "1", "new",
      ], "\(outcome.output)\(outcome.errors)")
    #expect(!left.isEmpty)
  }

  @Test func attributesAreCopied() throws {
    try Bundle.with {
      $0.process?.args = ["/bin/sleep", "100"]
      $0.mounts.append(Self.mount("/data", ["tmpcopyup"]))
    } _: { bundle in
      try fill("\(bundle.folder)/rootfs")
      try bundle.start()
      let folder = try FileDescriptor.open("/proc/\(try bundle.initPID())/root/data/sub", [.readOnly, .directory])
      let value = try folder.attribute("trusted.proa", at: "file")
      #expect(value == Array("x".utf8))
    }
  }

  @Test func optionsCountMoreThanTheImage() throws {
    let script = "busybox stat -c '%a %u:%g' /data; echo x > /data/new; busybox df -k /data | busybox tail -n 1"
    let options = ["tmpcopyup", "mode=700", "uid=3", "size=64k", "ro", "noexec"]
    let outcome = try shell(script, [Self.mount("/data", options)], prepare: fill)
    #expect(outcome.lines.first == "700 3:105", "\(outcome.output)\(outcome.errors)")
    #expect(outcome.errors.contains("Read-only file system"))
    #expect(outcome.lines.last?.split(separator: " ").dropFirst().first == "64")
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let outcome = try shell("echo ran", [Self.mount("/data", ["tmpcopyup", "size=4k"])]) { root in
      try Directory.make("\(root)/data", mode: 0o755)
      try AtomicFile.write([UInt8](repeating: 1, count: 100_000), to: "\(root)/data/big")
    }
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors.contains("mounts[7]: tmpcopyup: /data: sendfile: no space left on device"), "\(outcome.errors)")
  }

  /// The place is a link that tries to lead out, and what is copied has links that do: nothing of the host comes in.
  @Test func linksLeadNowhereElse() throws {
    let outcome = try shell(
      "cd /place; for name in *; do echo $name; done; busybox cat /place/secret", [Self.mount("/trap", ["tmpcopyup"])]
    ) { root in
      try Directory.make("\(root)/place", mode: 0o755)
      #expect(symlink("../../../../../../../../place", "\(root)/trap") == 0)
      #expect(symlink("/etc/shadow", "\(root)/place/secret") == 0)
      #expect(symlink("/proc/1/root/etc", "\(root)/place/magic") == 0)
    }
    #expect(outcome.lines == ["magic", "secret"], "\(outcome.errors)")
    #expect(outcome.errors.contains("/place/secret': No such file or directory"))
  }

  @Test func aTreeThatIsTooDeepIsRefused() throws {
    let outcome = try shell("echo ran", [Self.mount("/data", ["tmpcopyup"])]) { root in
      try Directory.make("\(root)/data/" + Array(repeating: "d", count: 300).joined(separator: "/"), mode: 0o755)
    }
    #expect(outcome.status == 1 && outcome.errors.contains("more than 200 levels"), "\(outcome.errors)")
  }

  @Test func inAUserNamespace() throws {
    let outcome = try shell(
      "busybox cat /data/file; busybox stat -c %u /data/file", [Self.mount("/data", ["tmpcopyup"])]
    ) {
      $0.linux?.namespaces += [LinuxNamespace(.user), LinuxNamespace(.cgroup)]
      $0.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
      $0.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
    } prepare: { root in
      try Directory.make("\(root)/data", mode: 0o755)
      try AtomicFile.write(Array("mapped\n".utf8), to: "\(root)/data/file", mode: 0o600)
      for path in ["", "/file"] { #expect(chown("\(root)/data\(path)", 100_007, 100_007) == 0) }
    }
    #expect(outcome.lines == ["mapped", "7"], "\(outcome.errors)")
  }

  @Test func aDestinationWithoutASlashIsTakenFromTheRoot() throws {
    let outcome = try shell(
      "busybox grep -c ' /home/x tmpfs' /proc/self/mounts", [Self.mount("home/x", [])]
    ) { _ in }
    #expect(outcome.output == "1\n")
    #expect(outcome.errors.contains("level=warning") && outcome.errors.contains("mounts[7].destination: home/x"))
    let dots = try shell("busybox grep -c ' /x tmpfs' /proc/self/mounts", [Self.mount("../../x", [])]) { _ in }
    #expect(dots.output == "1\n", "\(dots.errors)")
  }
}
