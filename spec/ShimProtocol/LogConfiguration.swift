public import JSON

/// Where the container's output goes, besides attach clients.
public struct LogConfiguration: Equatable, Sendable, JSONMappable {
  public enum Driver: String, Sendable, JSONConvertible {
    /// Docker's `json-file` format, one object a line.
    case jsonFile = "json-file"
    /// The format of Docker's `local` driver: protocol buffers, each between its length and its length.
    case local
    /// Nowhere.
    case none
  }

  public var driver = Driver.none
  /// Absolute path of the log file, made if it is not there and appended to otherwise. `nil` without one.
  public var path: String?
  /// Bytes after which the next record begins a new file; 0: never.
  public var maximumSize: Int64 = 0
  /// How many files there may be: the current one, and those before it, which are called `path.1` (the newest), `path.2`, …
  public var maximumFiles: Int = 1
  /// Whether files that are no longer written to become `path.1.gz` and so on.
  public var compresses = false
  /// What `json-file` writes into every record as `attrs`.
  public var attributes: [String: String] = [:]
  /// Bytes of records that may wait for a disk that is slow, before more are dropped; `nil`: the container waits for it.
  public var buffer: Int64?

  public init() {}

  public init(_ driver: Driver, path: String) {
    self.driver = driver
    self.path = path
  }

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.required("driver", &driver)
    try json.optional("path", &path)
    try json.field("maximumSize", &maximumSize)
    try json.field("maximumFiles", &maximumFiles)
    try json.flag("compresses", &compresses)
    try json.nonEmpty("attributes", &attributes)
    try json.optional("buffer", &buffer)
    if json.isReading { try validate() }
  }

  private func validate() throws(JSONError) {
    guard driver == .none || path?.hasPrefix("/") == true else {
      throw JSONError(.invalid("\(driver.rawValue) needs an absolute path"), path: "path")
    }
    guard maximumSize >= 0 else { throw JSONError(.invalid("must not be negative"), path: "maximumSize") }
    guard maximumFiles >= 1 else { throw JSONError(.invalid("must not be less than 1"), path: "maximumFiles") }
    guard (buffer ?? 1) > 0 else { throw JSONError(.invalid("must not be less than 1"), path: "buffer") }
  }
}
