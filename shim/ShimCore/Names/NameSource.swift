internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// The files that a container's names come from, read again when they have changed.
final class NameSource {
  /// By what a file is known to be the same as before.
  private struct Version: Equatable {
    var inode: UInt64
    var modified: Int64
    var nanoseconds: Int64
    var size: Int64
  }

  private let path: String
  private let report: (String) -> Void
  private var version: Version?
  private var tables: [String: (version: Version, table: NameTable)] = [:]
  private(set) var configuration = NameConfiguration()
  /// Those of ``configuration`` in lower case, as names are asked for.
  private(set) var aliases: [String: String] = [:]

  /// Files of more bytes than these are not the manager's.
  private static let limit = 16 << 20

  init(_ path: String, report: @escaping (String) -> Void) { (self.path, self.report) = (path, report) }

  /// As it is now. What cannot be read is as it was before.
  func current() -> [NameTable] {
    if let now = Self.version(of: path), now != version, let bytes = read(path) {
      version = now
      do throws(JSONError) { configuration = try NameConfiguration(jsonText: bytes) } catch {
        report("\(path) is malformed: \(error)")
      }
      aliases = [:]
      for (alias, name) in configuration.aliases { aliases[alias.lowercased()] = name.lowercased() }
      tables = tables.filter { configuration.tables.contains($0.key) }
    }
    return configuration.tables.compactMap(table)
  }

  private func table(_ path: String) -> NameTable? {
    guard let now = Self.version(of: path) else { return tables[path]?.table }
    if let known = tables[path], known.version == now { return known.table }
    guard let bytes = read(path) else { return tables[path]?.table }
    let table = NameTable(String(decoding: bytes, as: UTF8.self))
    tables[path] = (now, table)
    return table
  }

  private static func version(of path: String) -> Version? {
    // A file that is gone for a moment says nothing new.
    guard let status = try? FileStatus.of(path) else { return nil }
    return Version(
      inode: status.inode, modified: status.modified, nanoseconds: status.modifiedNanoseconds, size: status.size)
  }

  private func read(_ path: String) -> [UInt8]? {
    do throws(SyscallError) { return try AtomicFile.read(path, limit: Self.limit) } catch {
      report("cannot read names: \(error)")
      return nil
    }
  }
}
