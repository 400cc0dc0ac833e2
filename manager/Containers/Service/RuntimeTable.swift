/// The OCI runtimes that the daemon knows, by name (`--add-runtime NAME=PATH`).
public struct RuntimeTable: Equatable, Sendable {
  /// Absolute paths by name.
  public let paths: [String: String]
  public let defaultName: String

  /// - Throws: ``ContainerError/invalid(_:)`` if the default is not among them, or a path is not absolute.
  public init(_ paths: [String: String], default defaultName: String) throws(ContainerError) {
    guard paths[defaultName] != nil else { throw .invalid("the default runtime \"\(defaultName)\" is not known") }
    for (name, path) in paths where !path.hasPrefix("/") || name.contains("/") || name.isEmpty {
      throw .invalid("the runtime \"\(name)=\(path)\" needs a plain name and an absolute path")
    }
    self.paths = paths
    self.defaultName = defaultName
  }

  /// - Parameter name: `nil` for the default.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's message.
  func runtime(_ name: String?) throws(ContainerError) -> (name: String, path: String) {
    let name = name ?? defaultName
    guard let path = paths[name] else { throw .invalid("unknown or invalid runtime name: \(name)") }
    return (name, path)
  }
}
