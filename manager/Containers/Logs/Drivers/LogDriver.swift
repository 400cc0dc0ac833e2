internal import ShimProtocol

/// A way to keep what containers write, by the name under which requests ask for it. One file for each.
protocol LogDriver: Sendable {
  var name: String { get }

  /// Judges the options of a request, without those that every driver has.
  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  func check(_ options: [String: String]) throws(ContainerError)

  /// What the container's shim is to write, and where.
  func configuration(_ record: ContainerRecord, _ paths: ContainerPaths) throws(ContainerError) -> LogConfiguration

  /// What reads the files of such a log; `nil` if there is nothing that could be read.
  var decoder: (any LogDecoder)? { get }
}

/// The drivers that there are.
public enum LogDrivers {
  static let all: [any LogDriver] = [JSONFileDriver(), LocalDriver(), NoneDriver()]

  public static var names: [String] { all.map(\.name).sorted() }

  /// - Throws: ``ContainerError/invalid(_:)``
  static func driver(_ name: String) throws(ContainerError) -> any LogDriver {
    guard let driver = all.first(where: { $0.name == name }) else {
      throw .invalid("error looking up logging plugin \(name): plugin \"\(name)\" not found")
    }
    return driver
  }

  /// Judges what a request or the daemon's command line asks for.
  public static func check(_ name: String, _ options: [String: String]) throws(ContainerError) {
    let driver = try driver(name)
    // Docker does not look at them either.
    guard name != NoneDriver().name else { return }
    _ = try LogBuffer(options)
    try driver.check(options.filter { !LogBuffer.options.contains($0.key) })
  }
}

/// What the daemon does for containers that do not say (`--log-driver`, `--log-opt`).
public struct LogDefaults: Equatable, Sendable {
  public let driver: String
  public let options: [String: String]

  /// `json-file` as it is without options.
  public static let standard = LogDefaults(unchecked: "json-file")

  private init(unchecked driver: String) { (self.driver, options) = (driver, [:]) }

  /// - Throws: ``ContainerError/invalid(_:)``
  public init(driver: String, options: [String: String]) throws(ContainerError) {
    try LogDrivers.check(driver, options)
    self.driver = driver
    self.options = options
  }

  /// Fills in what a request leaves open; options only if it is for the same driver.
  func complete(_ host: inout HostConfiguration) {
    if host.logDriver.isEmpty { host.logDriver = driver }
    if host.logDriver == driver { host.logOptions.merge(options) { asked, _ in asked } }
  }
}

/// Whether records may wait for a slow disk, and the container does not: `mode` and `max-buffer-size`, of every driver.
struct LogBuffer {
  static let options: Set<String> = ["mode", "max-buffer-size"]

  /// Bytes of records that may wait; `nil`: none, the container waits.
  let size: Int64?

  private static let standard: Int64 = 1 << 20

  init(_ options: [String: String]) throws(ContainerError) {
    let mode = options["mode"] ?? ""
    guard ["", "blocking", "non-blocking"].contains(mode) else {
      throw .invalid("logger: logging mode not supported: \(mode)")
    }
    guard let text = options["max-buffer-size"] else {
      size = mode == "non-blocking" ? Self.standard : nil
      return
    }
    guard mode == "non-blocking" else {
      throw .invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'")
    }
    do throws(ContainerError) { size = try SizeOption.binary(text) } catch {
      throw .invalid("error parsing option max-buffer-size: \(error)")
    }
  }
}
