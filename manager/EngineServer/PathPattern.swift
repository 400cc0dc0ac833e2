/// The path of a route, with names for its variable parts.
struct PathPattern: Equatable, Sendable {
  private enum Segment: Equatable {
    case literal(Substring)
    case one(String)
    /// One or more segments.
    case several(String)
  }

  private let segments: [Segment]

  init(_ text: String) {
    segments = text.split(separator: "/").map { part in
      guard part.first == "{", part.last == "}" else { return .literal(part) }
      let name = part.dropFirst().dropLast()
      return name.hasSuffix("...") ? .several(String(name.dropLast(3))) : .one(String(name))
    }
  }

  /// What a path must start with; a pattern does not start with a name.
  var firstSegment: Substring {
    if case .literal(let text) = segments.first { text } else { "" }
  }

  /// The values of the names in `path`; `nil` if the path does not match.
  func match(_ path: ArraySlice<Substring>) -> [String: String]? {
    var values: [String: String] = [:]
    return match(segments[...], path, &values) ? values : nil
  }

  private func match(
    _ pattern: ArraySlice<Segment>, _ path: ArraySlice<Substring>, _ values: inout [String: String]
  ) -> Bool {
    guard let segment = pattern.first else { return path.isEmpty }
    guard let part = path.first else { return false }
    let rest = pattern.dropFirst()
    switch segment {
    case .literal(let literal): return literal == part && match(rest, path.dropFirst(), &values)
    case .one(let name):
      guard !part.isEmpty else { return false }
      values[name] = String(part)
      return match(rest, path.dropFirst(), &values)
    case .several(let name):
      // What follows such a name is fixed in number, so there is exactly one way to cut.
      guard path.count > rest.count else { return false }
      let (value, tail) = (path.prefix(path.count - rest.count), path.suffix(rest.count))
      values[name] = value.joined(separator: "/")
      return match(rest, tail, &values)
    }
  }
}
