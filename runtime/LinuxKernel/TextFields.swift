extension Substring {
  /// The parts between the bytes for which `isSeparator` holds; empty ones are left out unless `keepingEmpty`.
  ///
  /// What the kernel writes is separated by single ASCII bytes. `split(separator:)` would look for the borders of
  /// graphemes first, at ten times the price.
  package func fields(keepingEmpty: Bool = false, where isSeparator: (UInt8) -> Bool) -> [Substring] {
    var (fields, start, end) = ([Substring](), startIndex, 0)
    func append(upTo next: Int) {
      let stop = utf8.index(start, offsetBy: next - end)
      if keepingEmpty || start < stop { fields.append(self[start..<stop]) }
      (start, end) = (stop, next)
    }
    var bytes = self
    bytes.withUTF8 { bytes in
      for (offset, byte) in bytes.enumerated() where isSeparator(byte) {
        append(upTo: offset)
        (start, end) = (utf8.index(after: start), offset + 1)
      }
      append(upTo: bytes.count)
    }
    return fields
  }

  /// The parts between the bytes `separator`, an ASCII character.
  package func fields(_ separator: Unicode.Scalar, keepingEmpty: Bool = false) -> [Substring] {
    let separator = UInt8(ascii: separator)
    return fields(keepingEmpty: keepingEmpty) { $0 == separator }
  }
}

extension String {
  /// As ``Swift/Substring/fields(_:keepingEmpty:)``.
  package func fields(_ separator: Unicode.Scalar, keepingEmpty: Bool = false) -> [Substring] {
    self[...].fields(separator, keepingEmpty: keepingEmpty)
  }

  /// The words between spaces and line ends.
  package var words: [String] {
    self[...].fields { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map(String.init)
  }
}
