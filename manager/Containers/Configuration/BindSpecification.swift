internal import LinuxKernel

extension MountRequest {
  static let propagations: Set<String> = ["private", "rprivate", "shared", "rshared", "slave", "rslave"]

  /// Reads `-v`'s form, `/host:/container[:ro|rw|z|Z|nocopy|PROPAGATION|idmap=IDS,…]`, or a volume's name in the place of `/host`.
  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages.
  public init(bind text: String) throws(ContainerError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count), !parts[0].isEmpty, !parts[1].isEmpty else {
      throw .invalid("invalid volume specification: '\(text)'")
    }
    self.init()
    kind = parts[0].hasPrefix("/") ? .bind : .volume
    source = parts[0]
    target = parts[1]
    createsSource = kind == .bind
    if parts.count == 3 { try apply(options: parts[2], of: text) }
    do throws(ContainerError) { try validate() } catch {
      throw .invalid("invalid volume specification: '\(text)': \(error)")
    }
  }

  private mutating func apply(options: String, of text: String) throws(ContainerError) {
    for option in options.split(separator: ",", omittingEmptySubsequences: false) {
      switch option {
      case "ro": readOnly = true
      // Labels mean nothing without SELinux, and Docker ignores them then, too.
      case "rw", "z", "Z", "consistent", "cached", "delegated": break
      case "nocopy" where kind == .volume: copies = false
      case "bind" where kind == .bind: recursive = false
      case "rbind" where kind == .bind: recursive = true
      case let option where kind == .bind && Self.propagations.contains(String(option)): propagation = String(option)
      case "idmap", "idmap=":
        throw .invalid("invalid mode: \(options): without ids (idmap=uids=…;gids=…) all would stay as they are")
      case let option where option.hasPrefix("idmap=") && idMap.isEmpty: idMap = String(option.dropFirst(6))
      default: throw .invalid("invalid mode: \(options)")
      }
    }
  }

  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's messages if this cannot be mounted anywhere.
  public func validate() throws(ContainerError) {
    if target.isEmpty { throw invalid("field Target must not be empty") }
    guard target.hasPrefix("/") else { throw invalid("invalid mount path: '\(target)' mount path must be absolute") }
    guard PathCleaning.clean(target) != "/" else { throw invalid("invalid specification: destination can't be '/'") }
    do throws(ContainerError) { _ = try ids() } catch { throw invalid("\(error)") }
    switch kind {
    case .bind: try validateBind()
    case .volume: try validateSubpath()  // The name is for the volumes to judge.
    case .image:
      if source.isEmpty { throw invalid("field Source must not be empty") }
      try validateSubpath()
    case .tmpfs:
      _ = try TmpfsOptions.merged(options.joined(separator: ","))
      guard source.isEmpty else { throw invalid("field Source must not be specified") }
      guard idMap.isEmpty else { throw invalid("field IDMap must not be specified") }
    }
  }

  private func validateBind() throws(ContainerError) {
    if source.isEmpty { throw invalid("field Source must not be empty") }
    guard source.hasPrefix("/") else { throw invalid("invalid mount path: '\(source)' mount path must be absolute") }
    try validateReadOnly()
    guard propagation.map(Self.propagations.contains) ?? true else {
      throw .invalid("invalid propagation mode: \(propagation ?? "")")
    }
  }

  private func validateSubpath() throws(ContainerError) {
    let parts = subpath.split(separator: "/", omittingEmptySubsequences: false)
    guard !subpath.hasPrefix("/"), !parts.contains(".."), !subpath.contains("\0") else {
      throw invalid("subpath must be a relative path within the volume")
    }
  }

  private func validateReadOnly() throws(ContainerError) {
    if readOnlyForceRecursive {
      guard !readOnlyNonRecursive else {
        throw .invalid("mount options conflict: ReadOnlyNonRecursive && ReadOnlyForceRecursive")
      }
      guard readOnly else { throw invalid("ReadOnlyForceRecursive requires ReadOnly") }
      guard recursive else { throw invalid("ReadOnlyForceRecursive does not go with NonRecursive") }
    }
  }

  /// - Throws: ``ContainerError/invalid(_:)`` with Docker's message if the source is not there and is not to be made. Blocks.
  func checkSource() throws(ContainerError) {
    guard kind == .bind, !createsSource, !Machine.exists(source) else { return }
    throw invalid("bind source path does not exist: \(source)")
  }

  private func invalid(_ reason: String) -> ContainerError {
    .invalid("invalid mount config for type \(kind.rawValue.debugDescription): \(reason)")
  }
}

/// Paths as text.
enum PathCleaning {
  /// An absolute path without empty, `.` and `..` components; `..` at the root stays there.
  static func clean(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
