package import LinuxKernel

/// Unpacks an archive into a directory of a tree that others may change meanwhile. Blocks.
package final class TreeUnpacker {
  package struct Options {
    package var ownership = TreeOwnership.archive
    /// Whether a directory is to stay one, and everything else no directory.
    package var keepsKinds = false
    /// Another name for the one thing that the archive has: for the first part of all names in it.
    package var name: [UInt8]?

    package init() {}
  }

  private let entries: TreeEntries
  private let place: [UInt8]
  private let options: Options

  /// - Parameters:
  ///   - root: of the tree: no link leads out of it.
  ///   - top: the directory.
  ///   - place: its path in the tree, from its root, without links.
  package init(
    root: consuming FileDescriptor, top: consuming FileDescriptor, place: [UInt8], _ options: Options = Options()
  ) throws(SyscallError) {
    let place = Array(place.drop { $0 == UInt8(ascii: "/") })
    entries = TreeEntries(
      try TreeDirectories(root: root, top: top, place: place), ownership: options.ownership)
    self.place = [UInt8(ascii: "/")] + place
    self.options = options
  }

  /// - Throws: ``TarError`` that names the culprit; what came before it is there then.
  package func unpack(_ reader: TarReader) throws {
    while let entry = try reader.next() {
      do { try unpack(entry, reader) } catch let error as SyscallError {
        throw TarError(entry: entry.title, reason: error.description)
      } catch is ArchivePath.Escapes {
        throw TarError(entry: "", reason: "\"\(entry.title)\" is outside of \"\(TarEntry.title(place))\"")
      }
    }
    try entries.finish()
  }

  private func unpack(_ entry: TarEntry, _ reader: TarReader) throws {
    var entry = entry
    if let name = options.name {
      entry.name = Self.renamed(entry.name, name)
      if entry.kind == .hardLink { entry.linkName = Self.renamed(entry.linkName, name) }
    }
    let path = try ArchivePath(entry.name)
    // The directory itself stays as it is.
    guard !path.isRoot else { return }
    let (directories, name) = (entries.directories, path.base.cString)
    if let existing = try directories.with(path.parent, { try $0.status(at: name) })?.kind {
      try check(existing, entry, path)
      if existing != .directory || entry.kind != .directory {
        try directories.with(path.parent) { try $0.removeTree(at: name) }
        directories.forget()
      }
    }
    do { try entries.create(path, entry, reader) } catch let error as SyscallError {
      guard error.errno == .exists, entry.kind == .directory else { throw error }
    }
    if entry.kind == .directory { try entries.describe(path, entry) }
  }

  /// Not cleaned before: of an archive of a directory's content, that part is `.`, and of one of the root, nothing.
  private static func renamed(_ name: [UInt8], _ first: [UInt8]) -> [UInt8] {
    first + name[(name.firstIndex(of: UInt8(ascii: "/")) ?? name.endIndex)...]
  }

  private func check(_ existing: FileStatus.Kind, _ entry: TarEntry, _ path: ArchivePath) throws {
    guard options.keepsKinds, (existing == .directory) != (entry.kind == .directory) else { return }
    let kinds = ["directory", "non-directory"]
    let (old, new) = existing == .directory ? (kinds[0], kinds[1]) : (kinds[1], kinds[0])
    let target = TarEntry.title(place + (place.count > 1 ? [UInt8(ascii: "/")] : []) + path.bytes)
    throw TarError(
      entry: "", reason: "cannot overwrite \(old) \"\(target)\" with \(new) \"\(TarEntry.title(place))\"")
  }
}
