internal import LinuxKernel

/// An absolute path inside a container, cleaned of `.`, `..` and empty parts without looking at the disk.
package struct RootPath: Equatable {
  package private(set) var parts: [Substring] = []

  package init(_ path: String) { append(path) }

  package var text: String { "/" + parts.joined(separator: "/") }
  /// The last part; `nil` for the root.
  package var last: String? { parts.last.map(String.init) }
  package var parent: RootPath {
    var parent = self
    _ = parent.parts.popLast()
    return parent
  }

  /// Where this path leads if its last part is a symbolic link to `target`.
  package func following(_ target: String) -> RootPath {
    if target.hasPrefix("/") { return RootPath(target) }
    var path = parent
    path.append(target)
    return path
  }

  /// Whether this is `path` or below it.
  package func isWithin(_ path: RootPath) -> Bool { parts.starts(with: path.parts) }

  private mutating func append(_ path: String) {
    for part in path.fields("/") {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
  }
}
