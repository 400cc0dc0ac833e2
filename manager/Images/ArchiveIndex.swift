internal import OCIImageSpec
internal import Tar

/// What files an image archive has and where in it they are.
struct ArchiveIndex {
  private enum Place {
    case file(offset: Int64, size: Int64)
    /// Archives of old versions of Docker write a layer once and link to it.
    case link(ArchivePath)
  }

  /// Entries of one archive; a layer has four at most.
  private static let entryLimit = 100_000
  private static let linkLimit = 8

  private let spool: Spool
  private var places: [ArchivePath: Place] = [:]

  init(_ spool: Spool) throws {
    self.spool = spool
    let reader = TarReader(FileSource(spool.file, offset: 0, size: spool.size))
    while let entry = try reader.next() {
      guard places.count < Self.entryLimit else {
        throw ImageError.invalidArchive(entry: entry.title, reason: "there are more than \(Self.entryLimit) entries")
      }
      try add(entry, at: reader.position)
    }
  }

  private mutating func add(_ entry: TarEntry, at offset: Int64) throws {
    do {
      let path = try ArchivePath(entry.name)
      switch entry.kind {
      case .directory: break
      case .regular: places[path] = .file(offset: offset, size: entry.size)
      case .hardLink: places[path] = .link(try ArchivePath(entry.linkName))
      case .symbolicLink: places[path] = .link(try ArchivePath(path.parent + [UInt8(ascii: "/")] + entry.linkName))
      case .characterDevice, .blockDevice, .fifo:
        throw ImageError.invalidArchive(entry: entry.title, reason: "an image archive has no devices")
      }
    } catch is ArchivePath.Escapes {
      throw ImageError.invalidArchive(entry: entry.title, reason: "the name leads out of the archive")
    }
  }

  // Asked to choose the format; reading says why not.
  func contains(_ name: String) -> Bool { (try? place(name)) != nil }

  /// Opens the file `name`.
  func open(_ name: String) throws -> (source: any ByteSource, size: Int64) {
    let (offset, size) = try place(name)
    return (FileSource(spool.file, offset: offset, size: size), size)
  }

  /// The whole file `name`: one of the JSON texts.
  func read(_ name: String, limit: Int = 16 << 20) throws -> [UInt8] {
    let (source, size) = try open(name)
    guard size <= limit else {
      throw ImageError.invalidArchive(entry: name, reason: "\(size) bytes are more than the \(limit) accepted")
    }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    let count = try bytes.withUnsafeMutableBytes { try source.readFully(into: $0) }
    guard count == bytes.count else { throw ImageError.invalidArchive(entry: name, reason: "the file is cut off") }
    return bytes
  }

  private func place(_ name: String) throws -> (offset: Int64, size: Int64) {
    // Why it is no path makes no difference.
    guard var path = try? ArchivePath(Array(name.utf8)) else {
      throw ImageError.invalidArchive(entry: name, reason: "the name leads out of the archive")
    }
    for _ in 0..<Self.linkLimit {
      switch places[path] {
      case .file(let offset, let size): return (offset, size)
      case .link(let target): path = target
      case nil: throw ImageError.invalidArchive(entry: name, reason: "there is no such file in the archive")
      }
    }
    throw ImageError.invalidArchive(entry: name, reason: "too many links point at one another")
  }
}
