import Glibc
import ImageFixtures
import LinuxKernel
import OCIImageSpec
import Snapshots
import Testing

/// What a container may write, on a file system that keeps project quotas: XFS in a file. Needs root, and a kernel with
/// quotas, as Debian's is.
@Suite(.serialized, .enabled(if: QuotaDisk.isPossible, "this kernel has no XFS with quotas")) struct SizeLimitTests {
  private static let limit: UInt64 = 8 << 20

  /// - Returns: the bytes that fit, and the error that told the end.
  private func fill(_ path: String) throws -> (size: Int64, end: SyscallError.Errno?) {
    let file = try FileDescriptor.open(path, [.writeOnly, .create])
    let block = [UInt8](repeating: 1, count: 1 << 20)
    do throws(SyscallError) { for _ in 0..<64 { try file.writeAll(block) } } catch {
      return (try file.status().size, error.errno)
    }
    return (try file.status().size, nil)
  }

  @Test(arguments: [Driver.overlay, .vfs]) func aContainerWritesAsMuchAsItMay(driver: Driver) throws {
    try QuotaDisk.with(.xfs("prjquota")) { disk in try check(try driver.make(in: disk), on: disk) }
  }

  @Test(.enabled(if: LoopDisk.hasBtrfs)) func btrfsCountsByItself() throws {
    try QuotaDisk.with(.btrfs) { disk in try check(try TreeSnapshotter(.btrfs, root: "\(disk)/snapshots"), on: disk) }
  }

  private func check(_ snapshotter: any Snapshotter, on disk: String) throws {
    #expect(try snapshotter.keepsLimits())
    for id in ["free", "limited"] { try Directory.make("\(disk)/\(id)", mode: 0o755) }
    try snapshotter.makeContainer("limited", on: nil, limit: Self.limit)
    for id in ["free", "limited"] { try snapshotter.mountContainer(id, on: nil, at: "\(disk)/\(id)") }
    let limited = try fill("\(disk)/limited/file")
    #expect(limited.end == .noSpace || limited.end == .overQuota)
    #expect(limited.size <= Self.limit && limited.size > Self.limit / 2)
    #expect(try fill("\(disk)/free/file") == (64 << 20, nil))
    // It stays what it is, however often it is asked for.
    try snapshotter.makeContainer("limited", on: nil, limit: 64 << 20)
    let error = try #require(throws: SyscallError.self) { try fill("\(disk)/limited/other") }
    #expect(error.errno == .noSpace || error.errno == .overQuota)
    for id in ["free", "limited"] {
      try snapshotter.unmountContainer(id, at: "\(disk)/\(id)")
      try snapshotter.removeContainer(id)
    }
    // Whoever comes next is limited by nothing that was.
    try snapshotter.mountContainer("limited", on: nil, at: "\(disk)/limited")
    #expect(try fill("\(disk)/limited/file").end == nil)
    try snapshotter.unmountContainer("limited", at: "\(disk)/limited")
  }

  @Test func aFileSystemThatOnlyCountsKeepsNoLimit() throws {
    try QuotaDisk.with(.xfs("pqnoenforce")) { disk in
      let snapshotter = try OverlaySnapshotter(root: "\(disk)/snapshots")
      #expect(try !snapshotter.keepsLimits())
      #expect(throws: SnapshotError.noSizeLimits) {
        try snapshotter.makeContainer("limited", on: nil, limit: Self.limit)
      }
      #expect(try snapshotter.containers().isEmpty)
    }
  }
}

/// A file system that keeps limits, in a file of its own.
enum QuotaDisk {
  /// Whether the kernel has XFS and quotas, and the machine the program that makes one.
  static let isPossible: Bool = LoopDisk.Kind.xfs("prjquota").isPossible

  static func with(_ kind: LoopDisk.Kind, _ body: (String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let disk = try LoopDisk(kind, in: folder.path)
    try body(disk.path)
    try disk.unmount()
  }
}

extension SyscallError.Errno {
  /// What btrfs answers, `EDQUOT`.
  fileprivate static let overQuota = Self(rawValue: EDQUOT)
}
