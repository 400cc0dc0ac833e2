/// Writes tar archives for tests, right ones and wrong ones.
package struct TarBuilder {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// What an entry says; every field is written as it is, however senseless.
  package struct Entry {
    package var name: String
    package var type: Character
    package var content: [UInt8] = []
    package var link = ""
    package var mode: UInt32 = 0o644
    package var owner: UInt32 = 0
    package var group: UInt32 = 0
    package var modified: Int64 = 1_700_000_000
    package var device: (major: UInt32, minor: UInt32) = (0, 0)
    /// The size field as text; `nil` for the content's.
    package var sizeText: String?
    /// Records of an extended header.
    package var pax: [(key: String, value: [UInt8])] = []

    package init(_ name: String, _ type: Character = "0", _ content: String = "", link: String = "") {
      self.name = name
      self.type = type
      self.content = Array(content.utf8)
      self.link = link
      if type == "5" { mode = 0o755 }
    }
  }

  package mutating func add(_ entry: Entry) {
    if !entry.pax.isEmpty { addExtended(entry.pax) }
    addHeader(entry, size: entry.sizeText ?? octal(UInt64(entry.content.count), 11))
    addPadded(entry.content)
  }

  package mutating func add(_ name: String, _ type: Character = "0", _ content: String = "", link: String = "") {
    add(Entry(name, type, content, link: link))
  }

  /// GNU's long name (`L`) or long link (`K`) for the next entry.
  package mutating func addLong(_ type: Character, _ text: String) {
    var entry = Entry("././@LongLink", type)
    entry.content = Array(text.utf8) + [0]
    add(entry)
  }

  package mutating func append(_ raw: [UInt8]) { bytes += raw }

  /// The archive with the two empty blocks that end it.
  package func finished() -> [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

  package static func archive(_ entries: [Entry]) -> [UInt8] {
    var builder = TarBuilder()
    for entry in entries { builder.add(entry) }
    return builder.finished()
  }

  private mutating func addExtended(_ records: [(key: String, value: [UInt8])]) {
    var body: [UInt8] = []
    for (key, value) in records {
      let rest = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
      var length = rest.count + 1
      while String(length).utf8.count + rest.count != length { length += 1 }
      body += Array(String(length).utf8) + rest
    }
    var header = Entry("PaxHeaders/x", "x")
    header.content = body
    add(header)
  }

  private mutating func addHeader(_ entry: Entry, size: String) {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at offset: Int, limit: Int) {
      for (index, byte) in text.utf8.prefix(limit).enumerated() { block[offset + index] = byte }
    }
    put(entry.name, at: 0, limit: 100)
    put(octal(UInt64(entry.mode), 7), at: 100, limit: 8)
    put(octal(UInt64(entry.owner), 7), at: 108, limit: 8)
    put(octal(UInt64(entry.group), 7), at: 116, limit: 8)
    put(size, at: 124, limit: 12)
    put(octal(UInt64(max(0, entry.modified)), 11), at: 136, limit: 12)
    put("        ", at: 148, limit: 8)
    put(String(entry.type), at: 156, limit: 1)
    put(entry.link, at: 157, limit: 100)
    put("ustar\u{0}00", at: 257, limit: 8)
    put(octal(UInt64(entry.device.major), 7), at: 329, limit: 8)
    put(octal(UInt64(entry.device.minor), 7), at: 337, limit: 8)
    put(octal(block.reduce(0) { $0 + UInt64($1) }, 6) + "\u{0} ", at: 148, limit: 8)
    bytes += block
  }

  private mutating func addPadded(_ content: [UInt8]) {
    bytes += content
    bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  private func octal(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 8)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
