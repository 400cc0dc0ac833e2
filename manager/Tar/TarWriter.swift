/// Writes what stands between the contents of an archive's files: ustar headers, with a pax header before what does not fit.
package enum TarWriter {
  /// The two empty blocks that end an archive.
  package static let end = [UInt8](repeating: 0, count: 2 * TarReader.block)

  /// How many null bytes follow the content of a file with `size` bytes.
  package static func padding(_ size: Int64) -> Int {
    Int((Int64(TarReader.block) - size % Int64(TarReader.block)) % Int64(TarReader.block))
  }

  package static func header(_ entry: TarEntry) -> [UInt8] {
    let records = records(entry)
    guard !records.isEmpty else { return block(entry, type(entry.kind)) }
    var extended = TarEntry()
    extended.name = Array("PaxHeaders.0/".utf8) + entry.name.split(separator: UInt8(ascii: "/")).suffix(1).joined()
    extended.name = Array(extended.name.prefix(100))
    extended.mode = 0o644
    extended.size = Int64(records.count)
    let padding = [UInt8](repeating: 0, count: padding(extended.size))
    return block(extended, UInt8(ascii: "x")) + records + padding + block(entry, type(entry.kind))
  }

  // MARK: - pax

  private static func records(_ entry: TarEntry) -> [UInt8] {
    var records: [UInt8] = []
    if entry.name.count > 100 { records += record("path", entry.name) }
    if entry.linkName.count > 100 { records += record("linkpath", entry.linkName) }
    if entry.size >= 1 << 33 { records += record("size", "\(entry.size)") }
    if entry.owner >= 1 << 21 { records += record("uid", "\(entry.owner)") }
    if entry.group >= 1 << 21 { records += record("gid", "\(entry.group)") }
    if !(0..<1 << 33).contains(entry.modified.seconds) { records += record("mtime", "\(entry.modified.seconds)") }
    for attribute in entry.attributes { records += record("SCHILY.xattr.", attribute.name, attribute.value) }
    return records
  }

  private static func record(_ key: String, _ value: String) -> [UInt8] { record(key, Array(value.utf8)) }

  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] { record(key, [], value) }

  private static func record(_ key: String, _ name: [UInt8], _ value: [UInt8]) -> [UInt8] {
    let rest = Array(" \(key)".utf8) + name + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
    // The length counts its own digits.
    var length = rest.count + 1
    while String(length).utf8.count + rest.count != length { length += 1 }
    return Array(String(length).utf8) + rest
  }

  // MARK: - ustar

  private static func type(_ kind: TarEntry.Kind) -> UInt8 {
    switch kind {
    case .regular: UInt8(ascii: "0")
    case .hardLink: UInt8(ascii: "1")
    case .symbolicLink: UInt8(ascii: "2")
    case .characterDevice: UInt8(ascii: "3")
    case .blockDevice: UInt8(ascii: "4")
    case .directory: UInt8(ascii: "5")
    case .fifo: UInt8(ascii: "6")
    }
  }

  /// What is too long or too big here is in the pax header.
  private static func block(_ entry: TarEntry, _ type: UInt8) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: TarReader.block)
    func put(_ bytes: some Collection<UInt8>, at offset: Int, limit: Int) {
      for (index, byte) in bytes.prefix(limit).enumerated() { block[offset + index] = byte }
    }
    func put(_ number: Int64, at offset: Int, digits: Int) {
      let text = String(max(0, number), radix: 8)
      guard text.utf8.count <= digits else { return put(0, at: offset, digits: digits) }
      put((String(repeating: "0", count: digits - text.utf8.count) + text).utf8, at: offset, limit: digits)
    }
    put(entry.name, at: 0, limit: 100)
    put(Int64(entry.mode), at: 100, digits: 7)
    put(Int64(entry.owner), at: 108, digits: 7)
    put(Int64(entry.group), at: 116, digits: 7)
    put(entry.size, at: 124, digits: 11)
    put(entry.modified.seconds, at: 136, digits: 11)
    block[156] = type
    put(entry.linkName, at: 157, limit: 100)
    put("ustar\u{0}00".utf8, at: 257, limit: 8)
    put(Int64(entry.deviceMajor), at: 329, digits: 7)
    put(Int64(entry.deviceMinor), at: 337, digits: 7)
    put("        ".utf8, at: 148, limit: 8)
    put(block.reduce(0) { $0 + Int64($1) }, at: 148, digits: 6)
    block[154] = 0
    return block
  }
}
