/// The name of an entry of a layer, cleaned: what is above it, and its own name.
struct LayerPath: Hashable {
  /// The directories between the layer's root and the entry with slashes between them; empty at the root.
  let parent: [UInt8]
  /// The last part; empty for the root itself.
  let base: [UInt8]

  struct Escapes: Error {}

  /// Cleans `name` as if the layer's root were the current directory: `./a//b/` is `a/b`; a slash at the beginning means nothing.
  /// - Throws: ``Escapes`` if `..` leads out of the root.
  init(_ name: [UInt8]) throws(Escapes) {
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

  var isRoot: Bool { base.isEmpty }

  /// The whole path without a slash at the beginning.
  var bytes: [UInt8] { parent.isEmpty ? base : parent + [UInt8(ascii: "/")] + base }
}

extension [UInt8] {
  /// The bytes as a C string.
  var cString: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}
