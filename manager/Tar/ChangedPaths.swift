/// Which entries of a tree make up a layer: those that were changed or are gone, and the directories above them, so that the
/// archive says of these what they are.
package struct ChangedPaths: Sendable {
  /// By the path of their directory, which is empty for the root and has no slash at the beginning.
  private var names: [[UInt8]: Set<[UInt8]>] = [:]
  private var gone: Set<[UInt8]> = []

  package init() {}

  /// - Parameter path: with a slash at the beginning.
  package mutating func add(_ path: [UInt8], isGone: Bool) {
    var path = Array(path.drop { $0 == UInt8(ascii: "/") })
    if isGone { gone.insert(path) }
    while !path.isEmpty {
      let slash = path.lastIndex(of: UInt8(ascii: "/"))
      let name = Array(path[(slash.map { $0 + 1 } ?? 0)...])
      path = Array(path[..<(slash ?? 0)])
      // Whatever is above has been added with the other one.
      if !names[path, default: []].insert(name).inserted { return }
    }
  }

  /// The names in the directory `path` that are archived, each ending in 0.
  func names(in path: [UInt8]) -> [[CChar]] {
    (names[path] ?? []).map { name in name.map { CChar(bitPattern: $0) } + [0] }
  }

  func isGone(_ path: [UInt8]) -> Bool { gone.contains(path) }
}
