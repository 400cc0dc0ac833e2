internal import LinuxKernel

/// The directories of one overlay mount (the kernel's Documentation/filesystems/overlayfs.rst).
struct OverlayMount {
  /// From the top down; at least one.
  var lower: [String]
  /// What takes the writes, and the kernel's own directory beside it; `nil`: the mount is read-only, and there are at least
  /// two lower ones.
  var writable: (upper: String, work: String)?

  /// Bytes of options that `mount(2)` takes.
  private static let dataLimit = 4095

  /// Attaches the overlay at `target`.
  func attach(at target: String) throws(SnapshotError) {
    do throws(SyscallError) {
      let directory = try FileDescriptor.open(target, [.pathOnly, .directory])
      if let mount = try modern() { return try mount.attachMount(to: directory) }
    } catch { throw .system(error) }
    try classic(at: target)
  }

  /// With the new mount API, whose `lowerdir+` takes one directory at a time.
  /// - Returns: `nil` on a kernel that has no such thing (before Linux 6.7).
  private func modern() throws(SyscallError) -> FileDescriptor? {
    let context: FileSystemContext
    do throws(SyscallError) { context = try FileSystemContext("overlay") } catch {
      if error.errno == .notImplemented { return nil }
      throw error
    }
    try context.set("source", "overlay")
    var held: [HeldDirectory] = []
    for (position, path) in lower.enumerated() {
      do throws(SyscallError) { try context.set("lowerdir+", try Self.short(path, &held)) } catch {
        if position == 0, error.errno == .invalid { return nil }
        throw error
      }
    }
    if let writable {
      try context.set("upperdir", try Self.short(writable.upper, &held))
      try context.set("workdir", try Self.short(writable.work, &held))
    }
    do throws(SyscallError) {
      return try withExtendedLifetime(held) { () throws(SyscallError) in try context.mount() }
    } catch {
      // An older kernel takes any option and looks at them only now.
      if error.errno == .invalid { return nil }
      throw error
    }
  }

  /// With `mount(2)`, whose options share one page: each directory goes by its descriptor's short name.
  func classic(at target: String) throws(SnapshotError) {
    do throws(SyscallError) {
      let held = try lower.map { path throws(SyscallError) in try HeldDirectory(path) }
      var data = "lowerdir=\(held.map(\.name).joined(separator: ":"))"
      var others: [HeldDirectory] = []
      if let writable {
        others = [try HeldDirectory(writable.upper), try HeldDirectory(writable.work)]
        data += ",upperdir=\(others[0].name),workdir=\(others[1].name)"
      }
      if data.utf8.count <= Self.dataLimit {
        return try withExtendedLifetime((held, others)) { () throws(SyscallError) in
          try Mounts.mount("overlay", on: target, type: "overlay", data: data)
        }
      }
    } catch { throw .system(error) }
    throw .tooManyLayers(lower.count, limit: Self.dataLimit / 20)
  }

  /// `path`, or a shorter name for it that works as long as `held` lives.
  private static func short(_ path: String, _ held: inout [HeldDirectory]) throws(SyscallError) -> String {
    if path.utf8.count <= FileSystemContext.valueLimit { return path }
    let directory = try HeldDirectory(path)
    held.append(directory)
    return directory.name
  }
}

/// A directory that is held open to go by the short name of its descriptor.
private final class HeldDirectory {
  private let descriptor: FileDescriptor

  init(_ path: String) throws(SyscallError) { descriptor = try FileDescriptor.open(path, [.pathOnly, .directory]) }

  var name: String { descriptor.procPath }
}
