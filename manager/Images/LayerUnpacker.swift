internal import LinuxKernel
internal import Tar

/// Writes the entries of one layer's tar archive into the directory that a ``LayerStore`` prepared (image-spec layer.md).
final class LayerUnpacker<Layers: LayerStore> {
  private static var whiteoutPrefix: [UInt8] { Array(".wh.".utf8) }
  private static var whiteoutOfAll: [UInt8] { Array(".wh..wh..opq".utf8) }
  /// What aufs kept in its branches for itself; it never belonged to an image.
  private static var aufsPrefix: [UInt8] { Array(".wh..wh.".utf8) }

  private let layers: Layers
  private let entries: TreeEntries
  private var whiteouts: Set<ArchivePath> = []
  /// Bytes of files' content so far.
  var size: Int64 { entries.size }
  private var directories: TreeDirectories { entries.directories }

  init(layers: Layers, directory: String) throws {
    self.layers = layers
    entries = TreeEntries(try TreeDirectories(root: directory))
  }

  /// Unpacks everything that `reader` has.
  /// - Throws: ``ImageError`` that names the culprit.
  func unpack(_ reader: TarReader) throws {
    while let entry = try reader.next() {
      do { try unpack(entry, reader) } catch let error as SyscallError {
        throw ImageError.invalidArchive(entry: entry.title, reason: error.description)
      } catch is ArchivePath.Escapes {
        throw ImageError.invalidArchive(entry: entry.title, reason: "the name leads out of the layer")
      }
    }
    try entries.finish()
  }

  private func unpack(_ entry: TarEntry, _ reader: TarReader) throws {
    let path = try ArchivePath(entry.name)
    if path.isRoot {
      guard entry.kind == .directory else { throw invalid(entry, "the layer's root is no directory") }
      try entries.describe(path, entry)
    } else if path.base.starts(with: Self.whiteoutPrefix) {
      try whiteOut(path, entry)
    } else {
      try make(path, entry, reader)
    }
  }

  // MARK: - Whiteouts

  private func whiteOut(_ path: ArchivePath, _ entry: TarEntry) throws {
    let layers = layers
    if path.base == Self.whiteoutOfAll {
      return try directories.with(path.parent) { try layers.removeLowerEntries(of: $0.reopened()) }
    }
    if path.base.starts(with: Self.aufsPrefix) { return }
    let name = Array(path.base.dropFirst(Self.whiteoutPrefix.count))
    guard !name.isEmpty, name != Array(".".utf8), name != Array("..".utf8) else {
      throw invalid(entry, "the whiteout names nothing")
    }
    // A whiteout is about the layers below, never about its own: what is there stays, and is all there is.
    try directories.with(path.parent) { directory in
      switch try directory.status(at: name.cString)?.kind {
      case nil: try layers.removeEntry(name.cString, in: directory)
      case .directory: try layers.removeLowerEntries(of: directory.open(child: name.cString))
      default: break
      }
    }
    whiteouts.insert(try ArchivePath(path.parent + [UInt8(ascii: "/")] + name))
  }

  // MARK: - Files

  private func make(_ path: ArchivePath, _ entry: TarEntry, _ reader: TarReader) throws {
    let name = path.base.cString
    do { try entries.create(path, entry, reader) } catch let error as SyscallError where error.errno == .exists {
      // The later entry counts. Only a directory that is one again keeps what is in it.
      let isDirectory = try directories.with(path.parent) { try $0.status(at: name)?.kind == .directory }
      if !(isDirectory && entry.kind == .directory) {
        try directories.with(path.parent) { try $0.removeTree(at: name) }
        directories.forget()
        try entries.create(path, entry, reader)
      }
    }
    if entry.kind == .directory {
      let layers = layers
      if whiteouts.contains(path) {
        try directories.with(path.parent) { try layers.removeLowerEntries(of: $0.open(child: name)) }
      }
      try entries.describe(path, entry)
    }
  }

  private func invalid(_ entry: TarEntry, _ reason: String) -> ImageError {
    .invalidArchive(entry: entry.title, reason: reason)
  }
}

extension FileDescriptor {
  /// The directory `name` in this one, open for everything; no symbolic link.
  fileprivate func open(child name: [CChar]) throws(SyscallError) -> FileDescriptor {
    try openResolved(name, [.readOnly, .directory, .noFollow], resolve: [.beneath, .noMagicLinks])
  }

  /// The same directory, open for everything and not only as a path.
  fileprivate func reopened() throws(SyscallError) -> FileDescriptor { try open(at: ".", [.readOnly, .directory]) }
}
