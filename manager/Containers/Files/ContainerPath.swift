public import LinuxKernel

/// A path that a client names in a container, as Docker reads it.
struct ContainerPath: Equatable {
  /// The directory, absolute, without a slash at the end unless it is the root; links in it are followed.
  let directory: String
  /// What is meant in it, even if that is a link; `nil`: the directory itself.
  let entry: String?
  /// What it is called.
  let name: String

  /// - Parameter text: from the container's root, with or without a slash at the beginning. A slash or a `/.` at the end
  ///   means a directory.
  init(_ text: String) {
    let clean = PathCleaning.clean(text)
    let last = clean.split(separator: "/").last.map(String.init)
    let meansContent = text.split(separator: "/", omittingEmptySubsequences: true).last == "."
    guard let last, !text.hasSuffix("/"), !meansContent else {
      (directory, entry, name) = (clean, nil, meansContent ? "." : last ?? "/")
      return
    }
    let parent = String(clean.dropLast(last.utf8.count + 1))
    (directory, entry, name) = (parent.isEmpty ? "/" : parent, last, last)
  }
}

/// What there is at a path: `X-Docker-Container-Path-Stat`.
public struct PathStatus: Equatable, Sendable {
  /// As the client called it.
  public var name: String
  public var kind: FileStatus.Kind
  /// The twelve bits of `chmod(2)`.
  public var permissions: UInt32
  /// Bytes.
  public var size: Int64
  public var modified: Timestamp
  /// Where a symbolic link leads, an absolute path in the container; empty for everything else.
  public var linkTarget = ""

  init(_ status: FileStatus, name: String) {
    self.name = name
    kind = status.kind
    permissions = status.permissions
    size = status.size
    modified = Timestamp(nanoseconds: status.modified &* 1_000_000_000 &+ status.modifiedNanoseconds)
  }
}
