import Glibc
import ImageFixtures
import LinuxKernel
import Testing

/// A file system in a file, mounted at a folder until it goes away.
final class LoopDisk {
  /// How one is made, and with which options it is mounted.
  struct Kind: Sendable {
    var make: String
    var options: String

    static let btrfs = Kind(make: "mkfs.btrfs --quiet", options: "loop")
    static func xfs(_ options: String) -> Kind { Kind(make: "mkfs.xfs -q", options: "loop,\(options)") }

    /// Whether the kernel has it, and the machine the program that makes one.
    var isPossible: Bool {
      guard let folder = try? TemporaryFolder(), let disk = try? LoopDisk(self, in: folder.path) else { return false }
      return (try? disk.unmount()) != nil
    }
  }

  static let hasBtrfs = Kind.btrfs.isPossible

  /// Where it is mounted.
  let path: String
  private var isMounted = true

  /// - Parameter folder: one to put the file and the mount in.
  init(_ kind: Kind, in folder: String) throws {
    path = "\(folder)/disk"
    try Directory.make(path, mode: 0o755)
    try Self.run("truncate --size 400M \(folder)/disk.image")
    try Self.run("\(kind.make) \(folder)/disk.image")
    try Self.run("mount --no-mtab --options \(kind.options) \(folder)/disk.image \(path)")
  }

  /// - Throws: if something is mounted in it, or open.
  func unmount() throws {
    guard isMounted else { return }
    isMounted = false
    do { try Self.run("umount --no-mtab \(path)") } catch {
      try Self.run("umount --no-mtab --lazy \(path)")
      throw error
    }
  }

  deinit { if isMounted { _ = system("umount --no-mtab --lazy \(path) >/dev/null 2>&1") } }

  private static func run(_ command: String) throws {
    try #require(system("\(command) >/dev/null 2>&1") == 0, "\(command)")
  }
}
