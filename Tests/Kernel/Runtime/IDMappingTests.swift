import Glibc
import JSON
import LinuxKernel
import OCIRuntimeSpec
import Testing

/// Bind mounts whose files are shown under other ids. Needs root, and a file system that can do so.
@Suite(.serialized) struct IDMappingTests {
  /// A tmpfs can do so since Linux 6.3, a 9p never.
  private static let isSupported: Bool = {
    do {
      let tree = try FileDescriptor.cloneMount("/tmp", recursive: false)
      try tree.mapIDs(by: try UserNamespaces.make(uids: "0 5000 1\n", gids: "0 5000 1\n"), recursive: false)
      return true
    } catch {
      return false
    }
  }()

  private static func mount(_ source: String, _ options: [String], mapped: Bool = true) -> Mount {
    var mount = Mount()
    (mount.destination, mount.type, mount.source, mount.options) = ("/home", "bind", source, options)
    if mapped {
      mount.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 5000, size: 1000)]
      mount.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 6000, size: 1000)]
    }
    return mount
  }

  /// Runs a script with `options` of a mount of a folder whose file belongs to 7:8.
  private func shell(
    _ script: String, _ options: [String], mapped: Bool = true, _ change: (inout Spec) -> Void = { _ in }
  ) throws -> (outcome: RuntimeProgram.Outcome, made: FileStatus?) {
    var result: (RuntimeProgram.Outcome, FileStatus?)?
    try Bundle.with {
      $0.process?.args = ["/bin/busybox", "sh", "-c", script]
      change(&$0)
    } _: { bundle in
      let source = "\(bundle.folder)/source"
      try Directory.make(source, mode: 0o777)
      try AtomicFile.write(Array("content\n".utf8), to: "\(source)/file", mode: 0o644)
      #expect(chown("\(source)/file", 7, 8) == 0 && chmod(source, 0o777) == 0)
      try bundle.configure { $0.mounts.append(Self.mount(source, options, mapped: mapped)) }
      let outcome = try bundle.run()
      result = (outcome, try FileStatus.of("\(source)/new"))
    }
    return try #require(result)
  }

  @Test(.enabled(if: isSupported), arguments: ["idmap", "ridmap"]) func filesHaveOtherOwners(option: String) throws {
    let script = "busybox stat -c '%u:%g' /home/file; cat /home/file"
    let outcome = try shell(script, ["rbind", option]).outcome
    #expect(outcome.lines == ["5007:6008", "content"], "\(outcome.errors)")
  }

  /// What the mapped root makes belongs to root on the disk.
  @Test(.enabled(if: isSupported)) func newFilesAreMappedBack() throws {
    let (outcome, made) = try shell("echo x > /home/new", ["bind", "idmap"]) {
      $0.process?.user.uid = 5000
      $0.process?.user.gid = 6000
    }
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(made?.owner == 0 && made?.group == 0)
  }

  /// Without mappings of its own the mount has the container's: 7 on the disk is 7 inside.
  @Test(.enabled(if: isSupported)) func theContainersMappingsAreTaken() throws {
    let (outcome, _) = try shell("busybox stat -c '%u:%g' /home/file", ["bind", "idmap"], mapped: false) {
      $0.linux?.namespaces.append(LinuxNamespace(.user))
      $0.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
      $0.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 100_000, size: 65536)]
    }
    #expect(outcome.output == "7:8\n", "\(outcome.errors)")
  }

  @Test func mappingsThatCannotBeUsed() throws {
    let missing = try shell("echo ran", ["bind", "idmap"], mapped: false).outcome
    #expect(missing.status == 1 && missing.errors.contains("mounts[7].uidMappings: are needed"), "\(missing.errors)")
    try Bundle.with {
      var mount = Self.mount("tmpfs", [])
      mount.type = "tmpfs"
      $0.mounts.append(mount)
    } _: { bundle in
      let outcome = try bundle.run()
      #expect(outcome.errors.contains("mounts[7].uidMappings: only bind mounts are id-mapped"), "\(outcome.errors)")
    }
  }
}
