internal import LinuxKernel
internal import Logging

/// The cgroup above those of containers. Runtimes make it with the first container and nobody ever removes it.
enum ParentCgroup {
  /// Removes it from every hierarchy where it is empty, which is to say where no container, of any daemon, is in it.
  static func removeEmpty(_ name: String, logger: Logger) {
    for mount in mounts() {
      do { try Directory.removeEmpty(mount + name) } catch {
        guard ![.busy, .notEmpty, .readOnlyFileSystem].contains(error.errno) else { continue }
        logger.warning("cannot remove the cgroup above containers", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Where the hierarchies are mounted (proc_pid_mountinfo(5)).
  private static func mounts() -> [String] {
    // Without /proc no container can have run either.
    guard let bytes = try? AtomicFile.read("/proc/self/mountinfo") else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count,
        fields[dash + 1].hasPrefix("cgroup")
      else { return nil }
      return String(fields[4])
    }
  }
}
