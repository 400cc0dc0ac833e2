import Tar
import Testing

struct TarWriterTests {
  /// What a reader makes of what the writer wrote.
  private func read(_ bytes: [UInt8]) throws -> [(entry: TarEntry, content: [UInt8])] {
    let reader = TarReader(MemorySource(bytes))
    var found: [(TarEntry, [UInt8])] = []
    while let entry = try reader.next() {
      var content: [UInt8] = []
      try reader.readBody { content.append(contentsOf: $0) }
      found.append((entry, content))
    }
    return found
  }

  private func entry(_ name: String, _ change: (inout TarEntry) -> Void = { _ in }) -> TarEntry {
    var entry = TarEntry()
    entry.name = Array(name.utf8)
    entry.mode = 0o4755
    entry.modified = .init(seconds: 1_700_000_000, nanoseconds: 0)
    change(&entry)
    return entry
  }

  private var entries: [TarEntry] {
    [
      entry("plain"), entry(String(repeating: "n", count: 100)), entry(String(repeating: "long/", count: 60) + "é"),
      entry("owners") { ($0.owner, $0.group) = (4_000_000_000, 3_000_000) },
      entry("dir/") { $0.kind = .directory },
      entry("link") { ($0.kind, $0.linkName) = (.symbolicLink, Array(String(repeating: "t", count: 300).utf8)) },
      entry("hard") { ($0.kind, $0.linkName) = (.hardLink, Array("plain".utf8)) },
      entry("fifo") { $0.kind = .fifo },
      entry("null") { ($0.kind, $0.deviceMajor, $0.deviceMinor) = (.characterDevice, 1, 3) },
      entry("disk") { ($0.kind, $0.deviceMajor, $0.deviceMinor) = (.blockDevice, 8, 17) },
      entry("old") { $0.modified = .init(seconds: -5, nanoseconds: 0) },
      entry("far") { $0.modified = .init(seconds: 1 << 40, nanoseconds: 0) },
      entry("able") { $0.attributes = [.init(name: Array("security.capability".utf8), value: [1, 0, 10, 0xFF])] },
    ]
  }

  @Test func `a reader finds what the writer was given`() throws {
    let found = try read(entries.flatMap(TarWriter.header) + TarWriter.end)
    #expect(found.map(\.entry) == entries)
  }

  @Test func `content and padding fill blocks`() throws {
    let content = Array("content".utf8)
    let file = entry("x") { $0.size = Int64(content.count) }
    let padding = [UInt8](repeating: 0, count: TarWriter.padding(file.size))
    let found = try read(TarWriter.header(file) + content + padding + TarWriter.header(entry("y")) + TarWriter.end)
    #expect(found.map(\.content) == [content, []])
    #expect(TarWriter.padding(0) == 0 && TarWriter.padding(512) == 0 && TarWriter.padding(513) == 511)
  }

  @Test func `a size beyond the field's goes into the extended header`() throws {
    let reader = TarReader(MemorySource(TarWriter.header(entry("big") { $0.size = 1 << 40 })))
    #expect(try reader.next()?.size == 1 << 40)
  }
}
