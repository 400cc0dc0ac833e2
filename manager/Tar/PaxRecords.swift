/// The records of a pax extended header: lines of `length key=value`.
struct PaxRecords {
  private(set) var path: [UInt8]?
  private(set) var linkPath: [UInt8]?
  private(set) var size: Int64?
  private(set) var owner: UInt32?
  private(set) var group: UInt32?
  private(set) var modified: TarEntry.Time?
  private(set) var attributes: [TarEntry.Attribute] = []
  private(set) var isSparse = false

  struct Malformed: Error { var reason: String }

  private static let attributePrefix = Array("SCHILY.xattr.".utf8)
  private static let sparsePrefix = Array("GNU.sparse.".utf8)

  init(_ bytes: [UInt8]) throws(Malformed) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let blank = rest.prefix(20).firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<blank], as: UTF8.self)), length > blank - rest.startIndex + 1,
        length <= rest.count, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n")
      else { throw Malformed(reason: "a record of the extended header is malformed") }
      let record = rest[(blank + 1)..<(rest.startIndex + length - 1)]
      rest = rest[(rest.startIndex + length)...]
      guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else {
        throw Malformed(reason: "a record of the extended header has no value")
      }
      try take(Array(record[..<equals]), Array(record[(equals + 1)...]))
    }
  }

  private mutating func take(_ key: [UInt8], _ value: [UInt8]) throws(Malformed) {
    if key.starts(with: Self.attributePrefix) {
      attributes.append(.init(name: Array(key[Self.attributePrefix.count...]), value: value))
      return
    }
    if key.starts(with: Self.sparsePrefix) { isSparse = true }
    switch String(decoding: key, as: UTF8.self) {
    case "path": path = try name(value)
    case "linkpath": linkPath = try name(value)
    case "size": size = try number(value, key)
    case "uid": owner = try number(value, key)
    case "gid": group = try number(value, key)
    case "mtime": modified = try time(value)
    // Names of users, other times, comments, character sets: nothing that a layer keeps.
    default: break
    }
  }

  private func name(_ value: [UInt8]) throws(Malformed) -> [UInt8]? {
    guard !value.contains(0) else { throw Malformed(reason: "a name in the extended header has a null byte") }
    return value.isEmpty ? nil : value
  }

  private func number<Value: FixedWidthInteger>(_ value: [UInt8], _ key: [UInt8]) throws(Malformed) -> Value {
    guard let number = Value(String(decoding: value, as: UTF8.self)), number >= 0 else {
      throw Malformed(reason: "\(TarEntry.title(key)) \"\(TarEntry.title(value))\" is no possible number")
    }
    return number
  }

  /// Decimal seconds, perhaps negative, perhaps with a fraction of which nine digits count.
  private func time(_ value: [UInt8]) throws(Malformed) -> TarEntry.Time {
    let parts = value.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.count > 1 ? parts[1] : []
    guard let first = parts.first, let seconds = Int64(String(decoding: first, as: UTF8.self)), seconds > .min,
      digits.count <= 64, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { throw Malformed(reason: "mtime \"\(TarEntry.title(value))\" is no time") }
    var nanoseconds: Int64 = 0
    for index in 0..<9 {
      let digit = index < digits.count ? Int64(digits[digits.startIndex + index] - UInt8(ascii: "0")) : 0
      nanoseconds = nanoseconds * 10 + digit
    }
    guard value.first == UInt8(ascii: "-"), nanoseconds > 0 else {
      return .init(seconds: seconds, nanoseconds: nanoseconds)
    }
    return .init(seconds: seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
  }
}
