/// The name of an entry of an archive, cleaned: what is above it, and its own name.
package struct ArchivePath: Hashable {
  /// The directories between the archive's root and the entry with slashes between them; empty at the root.
  package let parent: [UInt8]
  /// The last part; empty for the root itself.
  package let base: [UInt8]

  package struct Escapes: Error {}

  /// Cleans `name` as if the archive's root were the current directory: `./a//b/` is `a/b`; a slash at the beginning means nothing.
  /// - Throws: ``Escapes`` if `..` leads out of the root.
  package init(_ name: [UInt8]) throws(Escapes) {
    var parts: [ArraySlice<UInt8>] = []
    for part in name.split(separator: UInt8(ascii: "/")) where part != [UInt8(ascii: ".")] {
      if part == [UInt8(ascii: "."), UInt8(ascii: ".")] {
        guard parts.popLast() != nil else { throw Escapes() }
      } else {
        parts.append(part)
      }
    }
    base = parts.popLast().map(Array.init) ?? []
    parent = Array(parts.joined(separator: [UInt8(ascii: "/")]))
  }

  package var isRoot: Bool { base.isEmpty }

  /// The whole path without a slash at the beginning.
  package var bytes: [UInt8] { parent.isEmpty ? base : parent + [UInt8(ascii: "/")] + base }
}

extension [UInt8] {
  /// The bytes as a C string.
  package var cString: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}
