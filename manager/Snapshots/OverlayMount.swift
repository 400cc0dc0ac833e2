internal import LinuxKernel

/// The directories of one overlay mount (the kernel's Documentation/filesystems/overlayfs.rst).
struct OverlayMount {
  /// From the top down; at least one.
  var lower: [String]
  var upper: String
  var work: String

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
    try context.set("upperdir", try Self.short(upper, &held))
    try context.set("workdir", try Self.short(work, &held))
    return try withExtendedLifetime(held) { () throws(SyscallError) in try context.mount() }
  }

  /// With `mount(2)`, whose options share one page: each directory goes by its descriptor's short name.
  func classic(at target: String) throws(SnapshotError) {
    do throws(SyscallError) {
      let held = try lower.map { path throws(SyscallError) in try HeldDirectory(path) }
      let (upper, work) = (try HeldDirectory(upper), try HeldDirectory(work))
      let names = held.map(\.name).joined(separator: ":")
      let data = "lowerdir=\(names),upperdir=\(upper.name),workdir=\(work.name)"
      if data.utf8.count <= Self.dataLimit {
        return try withExtendedLifetime((held, upper, work)) { () throws(SyscallError) in
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
