internal import LinuxKernel
internal import Tar

/// A file of a log that is being read. Blocks.
final class OpenLogFile {
  private enum Content {
    case plain(PlainLogFile)
    /// With the inode that its content had before, if it says.
    case compressed(Gunzip, FileSource, FileStatus, origin: UInt64?)
  }

  private var content: Content
  private var offset: Int64 = 0

  /// The file `path`, or if there is none, its compressed form.
  /// - Returns: `nil` if there is neither.
  static func open(_ path: String) throws -> OpenLogFile? {
    if let plain = try PlainLogFile.open(path) { return OpenLogFile(.plain(plain)) }
    return try openCompressed("\(path).gz")
  }

  private static func openCompressed(_ path: String) throws -> OpenLogFile? {
    let file: FileDescriptor
    do throws(SyscallError) { file = try FileDescriptor.open(path, [.readOnly, .noFollow, .nonBlocking]) } catch {
      if error.errno == .noEntry { return nil }
      throw error
    }
    let status = try file.status()
    let source = FileSource(file)
    let origin = try source.origin()
    return OpenLogFile(.compressed(try Gunzip(source), source, status, origin: origin))
  }

  private init(_ content: Content) { self.content = content }

  var status: FileStatus {
    get throws(SyscallError) {
      switch content {
      case .plain(let file): try file.status
      case .compressed(_, _, let status, _): status
      }
    }
  }

  /// Whether this is what `other` is, under another name or uncompressed.
  func isSame(as other: OpenLogFile) throws(SyscallError) -> Bool {
    let (mine, others) = (try status, try other.status)
    if LogFileIdentity(mine) == LogFileIdentity(others) { return true }
    switch (content, other.content) {
    case (.plain, .plain): return false
    default: return mine.modification == others.modification && origin(mine) == other.origin(others)
    }
  }

  /// The inode that the content has, or had before it was compressed; `nil` if that is not known.
  private func origin(_ status: FileStatus) -> UInt64? {
    if case .compressed(_, _, _, let origin) = content { origin } else { status.inode }
  }

  /// The bytes after those that were read before; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count =
      switch content {
      case .plain(let file): try file.read(into: buffer, at: offset)
      case .compressed(let source, _, _, _): try source.read(into: buffer)
      }
    offset += Int64(count)
    return count
  }

  /// Goes back to the beginning if the file has been cut to less than was read.
  /// - Returns: whether it was.
  func rewindIfCut() throws(SyscallError) -> Bool {
    guard case .plain(let file) = content, try file.status.size < offset else { return false }
    offset = 0
    return true
  }

  /// Goes to where the last `count` records begin.
  /// - Returns: how many there are; `decoder` will leave out what comes before them.
  func seek(toLast count: Int, _ decoder: inout any LogDecoder) throws -> Int {
    let position: LogPosition
    switch content {
    case .plain(let file):
      position = try decoder.position(ofLast: count, file, try file.status.size)
    case .compressed(_, let source, let status, let origin):
      let all = try self.count(decoder)
      source.rewind()
      content = .compressed(try Gunzip(source), source, status, origin: origin)
      position = LogPosition(offset: 0, skipped: max(0, all - count), found: min(all, count))
    }
    offset = position.offset
    decoder.skip(position.skipped)
    return position.found
  }

  /// All records from here on.
  private func count(_ decoder: any LogDecoder) throws -> Int {
    var (decoder, count) = (decoder, 0)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PlainLogFile.chunk, alignment: 16)
    defer { buffer.deallocate() }
    while case let size = try read(into: buffer), size > 0 {
      count += decoder.count(UnsafeRawBufferPointer(rebasing: buffer[..<size]))
    }
    return count
  }
}

/// A file as a source of compressed bytes.
private final class FileSource: ByteSource {
  private let file: FileDescriptor
  private var offset: Int64 = 0

  init(_ file: consuming FileDescriptor) { self.file = file }

  func rewind() { offset = 0 }

  /// What a shim has written into the header (RFC 1952 §2.3.1): a comment and nothing else that can be left out.
  func origin() throws(SyscallError) -> UInt64? {
    let header = UnsafeMutableRawBufferPointer.allocate(byteCount: 48, alignment: 1)
    defer { header.deallocate() }
    let bytes = header[..<(try file.read(into: header, at: 0))]
    guard bytes.count > 10, bytes[3] == 0x10 else { return nil }
    let comment = String(decoding: bytes[10...].prefix { $0 != 0 }, as: UTF8.self)
    guard comment.hasPrefix("inode ") else { return nil }
    return UInt64(comment.dropFirst("inode ".count))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try file.read(into: buffer, at: offset)
    offset += Int64(count)
    return count
  }
}
