/// Where a container's tree is on the host, for `inspect`'s `GraphDriver`.
public struct ContainerPlace: Equatable, Sendable {
  /// The directories that the tree is made of, the topmost first.
  public var lower: [String]
  /// What the container has written.
  public var upper: String
  /// The driver's own.
  public var work: String

  init(lower: [String], upper: String, work: String) {
    self.lower = lower
    self.upper = upper
    self.work = work
  }
}
