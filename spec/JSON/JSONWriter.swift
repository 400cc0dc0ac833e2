/// Writes JSON into a byte buffer, member by member, without building a tree first.
public struct JSONWriter {
  public enum Layout: Sendable {
    /// No white space at all.
    case compact
    /// A member a line, each level further in by this text.
    case indented(String)
  }

  /// What has been written so far.
  public private(set) var bytes: [UInt8] = []

  private let layout: Layout
  private let escapesHTML: Bool
  private var depth = 0
  /// Whether the next member or element needs a comma before it.
  private var needsComma = false

  /// - Parameter escapesHTML: writes `<`, `>` and `&` as `\u003c`, `\u003e` and `\u0026`, as Go's `encoding/json` does.
  public init(_ layout: Layout = .compact, escapesHTML: Bool = false) {
    self.layout = layout
    self.escapesHTML = escapesHTML
  }

  public static func bytes(_ value: some JSONConvertible, _ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout)
    value.write(to: &writer)
    return writer.bytes
  }

  public static func string(_ value: some JSONConvertible, _ layout: Layout = .compact) -> String {
    String(decoding: bytes(value, layout), as: UTF8.self)
  }
}

// MARK: - Structure

extension JSONWriter {
  public mutating func object(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "{"))
    body(&self)
    close(UInt8(ascii: "}"))
  }

  public mutating func array(_ body: (inout JSONWriter) -> Void) {
    open(UInt8(ascii: "["))
    body(&self)
    close(UInt8(ascii: "]"))
  }

  /// Starts a member of the object that is open; its value is to be written next.
  public mutating func name(_ name: String) {
    separate()
    text(name)
    bytes.append(UInt8(ascii: ":"))
    if case .indented = layout { bytes.append(UInt8(ascii: " ")) }
  }

  /// Starts an element of the array that is open; its value is to be written next.
  public mutating func element() { separate() }

  public mutating func member(_ name: String, _ value: some JSONConvertible) {
    self.name(name)
    value.write(to: &self)
  }

  public mutating func element(_ value: some JSONConvertible) {
    element()
    value.write(to: &self)
  }

  private mutating func open(_ bracket: UInt8) {
    bytes.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if needsComma { newLine() }
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    newLine()
    needsComma = true
  }

  private mutating func newLine() {
    guard case .indented(let indent) = layout else { return }
    bytes.append(0x0A)
    for _ in 0..<depth { bytes.append(contentsOf: indent.utf8) }
  }
}

// MARK: - Scalars

extension JSONWriter {
  package mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  package mutating func text(_ string: String) {
    var string = string
    bytes.append(UInt8(ascii: "\""))
    string.withUTF8 { utf8 in
      var clean = 0
      for index in utf8.indices where needsEscape(utf8[index]) {
        bytes.append(contentsOf: utf8[clean..<index])
        escape(utf8[index])
        clean = index + 1
      }
      bytes.append(contentsOf: utf8[clean...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private func needsEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"): true
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"): escapesHTML
    default: false
    }
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case 0x0A: raw("\\n")
    case 0x0D: raw("\\r")
    case 0x09: raw("\\t")
    default:
      let digits = Array("0123456789abcdef".utf8)
      raw("\\u00")
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }
}
