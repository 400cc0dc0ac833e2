internal import Hashing
internal import LinuxKernel
internal import Tar

/// Compares two layers as they are on the disk: names, kinds, modes, owners, times of files, content, what is gone.
enum TreeComparison {
  /// What is wrong with the tree at `path` if it should be as the one at `expected`; nil if nothing is.
  ///
  /// When directories were changed says nothing: those that the archive does not name are as old as the unpacking.
  static func difference(of path: String, from expected: String) throws -> String? {
    let (found, wanted) = (try entries(of: path), try entries(of: expected))
    while true {
      let (here, there) = (try found.next().map(comparable), try wanted.next().map(comparable))
      guard let here else { return there.map { "\($0.title) is missing" } }
      guard let there else { return "\(here.title) does not belong to it" }
      guard here.name == there.name else { return "\(there.title) was expected where \(here.title) is" }
      guard here == there else { return "\(here.title) is not as it was" }
      if here.kind == .regular, try content(of: found) != content(of: wanted) {
        return "\(here.title) has another content"
      }
    }
  }

  private static func entries(of path: String) throws -> TarReader {
    let top = try FileDescriptor.open(path, [.readOnly, .directory, .noFollow])
    let archive = try TreeArchive(of: top, named: nil, differences: OverlayDifferences(ignoring: []))
    return TarReader(TreeArchiveSource(archive))
  }

  private static func comparable(_ entry: TarEntry) -> TarEntry {
    var entry = entry
    if entry.kind == .directory { entry.modified = TarEntry.Time(seconds: 0, nanoseconds: 0) }
    return entry
  }

  private static func content(of reader: TarReader) throws -> [UInt8] {
    var hasher = SHA256()
    try reader.readBody { hasher.update(bufferPointer: $0) }
    return hasher.finalize()
  }
}
