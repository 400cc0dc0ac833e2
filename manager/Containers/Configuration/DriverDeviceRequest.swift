public import JSON
internal import OCIRuntimeSpec

/// Devices that a driver is to find: `--gpus`, and CDI's by their names.
public struct DriverDeviceRequest: Equatable, Sendable, JSONMappable {
  public var driver = ""
  /// -1: all.
  public var count = 0
  public var deviceIDs: [String] = []
  /// Alternatives, each a set.
  public var capabilities: [[String]] = []
  public var options: [String: String] = [:]

  public init() {}

  public mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("driver", &driver)
    try json.field("count", &count)
    try json.nonEmpty("deviceIDs", &deviceIDs)
    try json.nonEmpty("capabilities", &capabilities)
    try json.nonEmpty("options", &options)
  }

  /// Blocks.
  /// - Throws: ``ContainerError/failed(_:)`` in Docker's words: there is no driver but CDI's.
  func inject(into spec: inout Spec, folders: [String]) throws(ContainerError) {
    guard driver == "cdi" else {
      let sets = capabilities.map { "[\($0.joined(separator: " "))]" }.joined(separator: " ")
      throw .failed("could not select device driver \(driver.debugDescription) with capabilities: [\(sets)]")
    }
    if count != 0 { throw .failed("unexpected count in CDI device request") }
    guard options.isEmpty else { throw .failed("unexpected options in CDI device request") }
    guard !deviceIDs.isEmpty else { return }
    try CDIRegistry(folders: folders).inject(deviceIDs, into: &spec)
  }
}
