/// The target of a request line, taken apart for the router.
struct RoutedTarget {
  /// Of the path, without the version.
  let segments: ArraySlice<Substring>
  /// `1.51` of a leading `/v1.51`, whatever digits and dots it is.
  let version: String?
  /// What follows `?`.
  let query: Substring
  /// Where the client is to ask instead, if the path has empty segments, `.` or `..` in it.
  let cleaned: String?

  /// - Throws: ``APIError`` 400 for what is no absolute path.
  init(_ target: String) throws(APIError) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    query = parts.count > 1 ? parts[1] : ""
    let path = try PercentEncoding.decode(parts[0])
    var segments = path.split(separator: "/", omittingEmptySubsequences: false)[...]
    guard segments.popFirst() == "" else { throw .invalidParameter("\"\(target)\" is no absolute path") }
    cleaned = Self.clean(parts[0]).map { parts.count > 1 ? "\($0)?\(parts[1])" : $0 }
    let first = segments.first ?? ""
    let isVersion = first.count > 1 && first.first == "v" && first.dropFirst().allSatisfy { "0123456789.".contains($0) }
    version = isVersion ? String(segments.removeFirst().dropFirst()) : nil
    self.segments = segments
  }

  /// Whether the client is from before API 1.24: it prints what it is told as it is.
  var speaksPlainText: Bool {
    guard let version, let number = APIVersion(version) ?? Int(version).map({ APIVersion($0, 0) }) else { return false }
    return number < .minimum
  }

  /// A path as Go's `path.Clean` leaves it, with a slash at the end if there was one; `nil` if that is no other.
  private static func clean(_ path: Substring) -> String? {
    guard path.contains("//") || path.contains("/.") else { return nil }
    var kept: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
    }
    let clean = "/" + kept.joined(separator: "/") + (path.hasSuffix("/") && !kept.isEmpty ? "/" : "")
    return clean == path ? nil : clean
  }
}
