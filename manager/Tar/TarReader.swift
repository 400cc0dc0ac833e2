/// Reads tar archives: old Unix, ustar, pax, GNU long names. In one pass, in constant memory, whatever the input.
///
/// ```swift
/// while let entry = try reader.next() {
///   try reader.readBody { chunk in … }   // or not: the rest is passed over
/// }
/// ```
package final class TarReader {
  /// Bytes of one extended header or long name.
  private static let extensionLimit = 1 << 20
  private static let bufferSize = 256 << 10
  static let block = 512

  private let source: any ByteSource
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: TarReader.bufferSize, alignment: 512)
  private var start = 0
  private var end = 0
  /// Bytes taken out of the source and the buffer.
  package private(set) var position: Int64 = 0
  /// Bytes of the current entry's content that nobody has read yet, and of the padding after it.
  private var bodyLeft: Int64 = 0
  private var padding: Int64 = 0
  /// The name of the file that is being read; empty before its header was understood.
  private var current: [UInt8] = []

  package init(_ source: any ByteSource) { self.source = source }

  deinit { buffer.deallocate() }

  /// The next file, or `nil` at the end: two empty blocks, or the end of the input where a header might start.
  /// - Throws: ``TarError``, or what the source throws.
  package func next() throws -> TarEntry? {
    var pax: PaxRecords?
    var longName: [UInt8]?
    var longLink: [UInt8]?
    while true {
      try skipBody()
      current = []
      guard let header = try header() else {
        guard pax == nil, longName == nil, longLink == nil else { throw failure("the archive ends after a header") }
        return nil
      }
      switch header.type {
      case UInt8(ascii: "x"): pax = try paxRecords(header)
      // A global header describes the archive (git puts the commit there); Docker does not apply it to files either.
      case UInt8(ascii: "g"): _ = try paxRecords(header)
      case UInt8(ascii: "L"): longName = try longText(header)
      case UInt8(ascii: "K"): longLink = try longText(header)
      default: return try entry(header, pax, longName, longLink)
      }
    }
  }

  /// Gives the current entry's content in order, in pieces that live as long as the call.
  package func readBody(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    while bodyLeft > 0 {
      if start == end, try !refill() { throw failure("the archive ends in the middle of the file") }
      let count = Int(min(Int64(end - start), bodyLeft))
      try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<start + count]))
      consume(count)
      bodyLeft -= Int64(count)
    }
  }

  // MARK: - Blocks

  private func header() throws -> TarHeader? {
    guard let block = try nextBlock() else { return nil }
    let header = TarHeader(block)
    // The second empty block is not asked for: not everybody writes it.
    if header.isZero { return nil }
    guard header.isIntact else { throw failure("the header's checksum is wrong, or this is no tar archive") }
    return header
  }

  /// Valid until the next read.
  private func nextBlock() throws -> UnsafeRawBufferPointer? {
    while end - start < Self.block {
      if start > 0 {
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<end]))
        end -= start
        start = 0
      }
      if try !refill() {
        guard end == start else { throw failure("the archive ends in the middle of a header") }
        return nil
      }
    }
    let block = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start..<start + Self.block])
    consume(Self.block)
    return block
  }

  private func refill() throws -> Bool {
    if start == end { (start, end) = (0, 0) }
    let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
    end += count
    return count > 0
  }

  private func consume(_ count: Int) {
    start += count
    position += Int64(count)
  }

  private func skipBody() throws {
    let total = bodyLeft + padding
    guard total > 0 else { return }
    let buffered = Int(min(Int64(end - start), total))
    consume(buffered)
    let rest = total - Int64(buffered)
    if rest > 0 {
      let skipped = try source.skip(rest)
      position += skipped
      // The padding of the very last file may be missing; content may not.
      guard rest - skipped <= padding else { throw failure("the archive ends in the middle of the file") }
    }
    (bodyLeft, padding) = (0, 0)
  }

  private func expectBody(_ size: Int64) {
    bodyLeft = size
    padding = (Int64(Self.block) - size % Int64(Self.block)) % Int64(Self.block)
  }

  // MARK: - Headers

  private func entry(
    _ header: TarHeader, _ pax: PaxRecords?, _ longName: [UInt8]?, _ longLink: [UInt8]?
  ) throws -> TarEntry {
    var entry = TarEntry()
    entry.name = pax?.path ?? longName ?? header.name
    current = entry.name
    entry.linkName = pax?.linkPath ?? longLink ?? header.linkName
    entry.kind = try kind(header.type, entry.name)
    entry.mode = UInt32(try field(header.mode, "mode", 0...Int64.max) & 0o7777)
    entry.owner = try pax?.owner ?? UInt32(field(header.owner, "owner", 0...0xFFFF_FFFE))
    entry.group = try pax?.group ?? UInt32(field(header.group, "group", 0...0xFFFF_FFFE))
    entry.modified = try pax?.modified ?? .init(seconds: field(header.modified, "time", .min...(.max)), nanoseconds: 0)
    entry.attributes = pax?.attributes ?? []
    if pax?.isSparse == true { throw unsupported("sparse files are not supported yet") }
    switch entry.kind {
    case .regular: entry.size = try pax?.size ?? size(header)
    case .characterDevice, .blockDevice:
      entry.deviceMajor = UInt32(try field(header.deviceMajor, "major device number", 0...0xFFF))
      entry.deviceMinor = UInt32(try field(header.deviceMinor, "minor device number", 0...0xFFFFF))
    // Whatever size their headers state, no content follows them.
    case .hardLink, .symbolicLink, .directory, .fifo: break
    }
    guard entry.size <= Int64.max - 1024 - position else { throw failure("size \(entry.size) is impossible") }
    expectBody(entry.size)
    return entry
  }

  private func kind(_ type: UInt8, _ name: [UInt8]) throws -> TarEntry.Kind {
    switch type {
    // The old format marks directories by the slash alone.
    case 0, UInt8(ascii: "0"): name.last == UInt8(ascii: "/") ? .directory : .regular
    case UInt8(ascii: "7"): .regular
    case UInt8(ascii: "1"): .hardLink
    case UInt8(ascii: "2"): .symbolicLink
    case UInt8(ascii: "3"): .characterDevice
    case UInt8(ascii: "4"): .blockDevice
    case UInt8(ascii: "5"): .directory
    case UInt8(ascii: "6"): .fifo
    case UInt8(ascii: "S"): throw unsupported("sparse files are not supported yet")
    default: throw unsupported("entries of type \(String(UnicodeScalar(type)).debugDescription) are not supported")
    }
  }

  private func size(_ header: TarHeader) throws -> Int64 { try field(header.size, "size", 0...Int64.max) }

  private func field(_ value: Int64?, _ what: String, _ range: ClosedRange<Int64>) throws -> Int64 {
    guard let value else { throw failure("the \(what) is no number") }
    guard range.contains(value) else { throw failure("\(what) \(value) is impossible") }
    return value
  }

  // MARK: - Extensions

  private func paxRecords(_ header: TarHeader) throws -> PaxRecords {
    do { return try PaxRecords(try extensionBody(header)) } catch let error as PaxRecords.Malformed {
      throw failure(error.reason)
    }
  }

  private func longText(_ header: TarHeader) throws -> [UInt8] { Array(try extensionBody(header).prefix { $0 != 0 }) }

  private func extensionBody(_ header: TarHeader) throws -> [UInt8] {
    let size = try size(header)
    guard size <= Self.extensionLimit else {
      throw failure("an extended header of \(size) bytes is longer than the \(Self.extensionLimit) accepted")
    }
    expectBody(size)
    var bytes: [UInt8] = []
    try readBody { bytes.append(contentsOf: $0) }
    return bytes
  }

  private func failure(_ reason: String) -> TarError {
    let reason = current.isEmpty ? "\(reason) (at byte \(position))" : reason
    return TarError(entry: TarEntry.title(current), reason: reason)
  }

  private func unsupported(_ reason: String) -> TarError {
    TarError(entry: TarEntry.title(current), reason: reason, isUnsupported: true)
  }
}
