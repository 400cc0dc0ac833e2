internal import EngineAPI

extension DeviceRequest {
  /// Whether `--device` names a device of CDI, `vendor.com/class=name`, and no node.
  static func isQualifiedName(_ text: String) -> Bool {
    guard !text.hasPrefix("/"), let equals = text.firstIndex(of: "="), text[..<equals].contains("/") else {
      return false
    }
    return true
  }

  /// Devices of CDI.
  init(names: [String]) {
    self.init()
    driver = "cdi"
    deviceIDs = names
  }

  /// `all`, `2`, `device=0`, or pairs between commas; a value with commas of its own is quoted with its key.
  init(gpus text: String) throws(ClientError) {
    self.init()
    capabilities = [["gpu"]]
    for field in try Self.fields(text) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 1 { try setCount(parts[0], text) } else { try set(parts[0], parts[1], text) }
    }
    if count == 0, deviceIDs == nil { count = 1 }
  }

  private mutating func setCount(_ value: String, _ text: String) throws(ClientError) {
    guard let number = value == "all" ? -1 : Int(value) else {
      throw Self.invalid(text, "invalid count (\(value)): value must be either \"all\" or an integer")
    }
    count = number
  }

  private mutating func set(_ key: String, _ value: String, _ text: String) throws(ClientError) {
    let values = value.split(separator: ",").map(String.init)
    switch key {
    case "driver": driver = value
    case "count": try setCount(value, text)
    case "device": deviceIDs = values
    case "capabilities": capabilities = [values + (values.contains("gpu") ? [] : ["gpu"])]
    case "options":
      let pairs = values.map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
      options = Dictionary(
        pairs.map { (String($0[0]), $0.count > 1 ? String($0[1]) : "") }, uniquingKeysWith: { $1 })
    default: throw Self.invalid(text, "unexpected key '\(key)' in '\(key)=\(value)'")
    }
  }

  /// What is between commas outside of quotes.
  private static func fields(_ text: String) throws(ClientError) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        fields.append("")
      } else {
        fields[fields.count - 1].append(character)
      }
    }
    if isQuoted { throw invalid(text, "a quote without end") }
    return fields
  }

  private static func invalid(_ text: String, _ reason: String) -> ClientError {
    .usage("invalid argument \(GoText.quote(text)) for \"--gpus\" flag: \(reason)")
  }
}
