/// Something that a container has changed in its tree.
public struct TreeChange: Equatable, Sendable {
  public enum Kind: Sendable {
    case modified, added, deleted
  }

  /// From the tree's root, with a slash at the beginning; need not be UTF-8.
  public var path: [UInt8]
  public var kind: Kind

  public init(path: [UInt8], kind: Kind) {
    self.path = path
    self.kind = kind
  }
}
