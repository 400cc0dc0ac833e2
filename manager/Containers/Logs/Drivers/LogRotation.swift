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
      maximumSize = text == "-1" ? 0 : try SizeOption.decimal(text)
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
