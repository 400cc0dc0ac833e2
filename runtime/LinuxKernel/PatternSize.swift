/// How large the C library makes a pattern: what is repeated is there as often as it is to come at least once, and what is in
/// a group that is repeated, as often again.
///
/// ```
/// a{3}       aaa
/// (ab+)+     (abb*)(abb*)*
/// a{2,}      aaa*
/// ```
struct PatternSize {
  /// Bytes of text.
  private static let greatestLength = 1000
  /// Characters and groups when everything is repeated.
  private static let bound = 5000
  /// Of one count, as in Go.
  private static let mostRepeats = 1000

  /// What was read of a group: its size, and that of the part that a repetition would be about.
  private struct Group {
    var size = 0
    var last = 0

    mutating func add(_ part: Int) { (size, last) = (size + part, part) }

    mutating func multiply(by count: Int) {
      let (product, hasOverflown) = last.multipliedReportingOverflow(by: max(count, 1))
      let larger = hasOverflown ? PatternSize.bound + 1 : product
      (size, last) = (size - last + larger, larger)
    }
  }

  private var groups = [Group()]
  private let text: [UInt8]
  private var index = 0

  private init(_ text: [UInt8]) { self.text = text }

  /// - Throws: also for what the library would take and try everything for.
  static func check(_ text: [UInt8]) throws(PatternError) {
    guard text.count <= greatestLength else { throw PatternError(description: "Regular expression too big") }
    var size = PatternSize(text)
    while size.index < text.count { try size.take() }
  }

  private mutating func take() throws(PatternError) {
    let byte = text[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\\"): try takeEscaped()
    case UInt8(ascii: "["): takeSet()
    case UInt8(ascii: "("): groups.append(Group())
    case UInt8(ascii: ")"): closeGroup()
    case UInt8(ascii: "|"): groups[groups.count - 1].last = 0
    case UInt8(ascii: "+"): groups[groups.count - 1].multiply(by: 2)
    case UInt8(ascii: "{"): groups[groups.count - 1].multiply(by: try count())
    case UInt8(ascii: "*"), UInt8(ascii: "?"): break
    default: groups[groups.count - 1].add(1)
    }
    guard groups.reduce(0, { $0 + $1.size }) <= PatternSize.bound else {
      throw PatternError(description: "Invalid repeat count")
    }
  }

  private mutating func takeEscaped() throws(PatternError) {
    guard index < text.count else { return }
    guard !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains(text[index]) else {
      throw PatternError(description: "Invalid back reference")
    }
    index += 1
    groups[groups.count - 1].add(1)
  }

  /// A set's first character is its own even if it would end it, and classes have brackets of their own.
  private mutating func takeSet() {
    groups[groups.count - 1].add(1)
    if index < text.count, text[index] == UInt8(ascii: "^") { index += 1 }
    if index < text.count, text[index] == UInt8(ascii: "]") { index += 1 }
    while index < text.count, text[index] != UInt8(ascii: "]") {
      let kind = index + 1 < text.count && text[index] == UInt8(ascii: "[") ? text[index + 1] : 0
      index += 1
      guard ":.=".utf8.contains(kind) else { continue }
      index += 1
      while index + 1 < text.count, text[index] != kind || text[index + 1] != UInt8(ascii: "]") { index += 1 }
      index += 2
    }
    index += 1
  }

  private mutating func closeGroup() {
    // One that was not opened is a character.
    guard groups.count > 1, let group = groups.popLast() else { return groups[0].add(1) }
    groups[groups.count - 1].add(group.size + 1)
  }

  /// Reads `3}` or `3,5}`.
  /// - Returns: the greater number; 1 where there is none.
  private mutating func count() throws(PatternError) -> Int {
    guard let end = text[index...].firstIndex(of: UInt8(ascii: "}")) else { return 1 }
    let range = text[index..<end]
    let numbers = range.split(separator: UInt8(ascii: ","))
    index = end + 1
    var greatest = 1
    for digits in numbers where digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      greatest = max(greatest, Int(String(decoding: digits, as: UTF8.self)) ?? .max)
    }
    guard greatest <= PatternSize.mostRepeats else { throw PatternError(description: "Invalid repeat count") }
    // Without an upper end the last one comes again, as often as there is something: `a{2,}` is aaa*.
    return range.last == UInt8(ascii: ",") ? greatest + 1 : greatest
  }
}
