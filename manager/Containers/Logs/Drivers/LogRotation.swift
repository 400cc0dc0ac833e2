internal import ShimProtocol

/// How a log is spread over files: `max-size`, `max-file`, `compress`.
struct LogRotation {
  static let standardFiles = 5

  /// Bytes; 0: a file may grow for ever.
  private(set) var maximumSize: Int64 = 20 << 20
  private(set) var maximumFiles: Int
  var compresses: Bool

  init(maximumFiles: Int, compresses: Bool) {
    self.maximumFiles = maximumFiles
    self.compresses = compresses
  }

  mutating func read(_ options: [String: String]) throws(ContainerError) {
    if let text = options["max-size"] {
      // Docker's manual has -1 for "unlimited".
      maximumSize = text == "-1" ? 0 : try ByteSize.decimal(text)
      guard text == "-1" || maximumSize > 0 else { throw .invalid("max-size must be a positive number") }
    }
    if let text = options["max-file"] {
      guard let count = Int(text) else { throw .invalid("max-file: \"\(text)\" is not a number") }
      guard count >= 1 else { throw .invalid("max-file cannot be less than 1") }
      maximumFiles = count
    }
    if let text = options["compress"] {
      guard let value = Self.boolean(text) else { throw .invalid("compress: \"\(text)\" is neither true nor false") }
      compresses = value
    }
  }

  func set(_ configuration: inout LogConfiguration) {
    configuration.maximumSize = maximumSize
    configuration.maximumFiles = maximumFiles
    configuration.compresses = compresses
  }

  /// As Go's `strconv.ParseBool`.
  private static func boolean(_ text: String) -> Bool? {
    switch text {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }
}

/// Sizes as people write them: `10m`, `1.5 GB`.
enum ByteSize {
  /// A kilobyte has 1000 bytes.
  static func decimal(_ text: String) throws(ContainerError) -> Int64 { try parse(text, 1000) }

  /// A kilobyte has 1024 bytes.
  static func binary(_ text: String) throws(ContainerError) -> Int64 { try parse(text, 1024) }

  private static func parse(_ text: String, _ base: Double) throws(ContainerError) -> Int64 {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let value = Double(number), value.isFinite else { throw .invalid("invalid size: '\(text)'") }
    var unit = Substring(text.dropFirst(number.count).lowercased())
    if unit.first == " " { unit = unit.dropFirst() }
    guard let power = power(unit) else { throw .invalid("invalid suffix: '\(unit)'") }
    var bytes = value
    for _ in 0..<power { bytes *= base }
    guard bytes < 9e18 else { throw .invalid("invalid size: '\(text)'") }
    return Int64(bytes)
  }

  private static func power(_ unit: Substring) -> Int? {
    if ["", "b"].contains(unit) { return 0 }
    guard let letter = unit.first, let index = "kmgtp".firstIndex(of: letter),
      ["", "b", "ib"].contains(unit.dropFirst())
    else { return nil }
    return "kmgtp".distance(from: "kmgtp".startIndex, to: index) + 1
  }
}
