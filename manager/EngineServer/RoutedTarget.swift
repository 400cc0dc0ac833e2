internal import LinuxKernel

/// The target of a request line, taken apart for the router.
struct RoutedTarget {
  /// Decoded, without the version.
  let path: String
  /// Those of the path.
  let segments: ArraySlice<Substring>
  /// `1.51` of a leading `/v1.51`, whatever digits and dots it is.
  let version: String?
  /// What follows `?`.
  let query: Substring
  /// Where the client is to ask instead, if the path has empty segments, `.` or `..` in it.
  let cleaned: String?

  /// - Parameter given: a path from the root on, or an address with one, as clients write it that speak to a proxy
  ///   (RFC 9112 §3.2.2).
  /// - Throws: ``APIError`` 400 for anything else.
  init(_ given: String) throws(APIError) {
    let target = Self.originForm(given)
    let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
    query = mark.map { target[target.utf8.index(after: $0)...] } ?? ""
    let encoded = target[..<(mark ?? target.endIndex)]
    let path = try PercentEncoding.decode(encoded)
    var segments = path.fields("/", keepingEmpty: true)[...]
    guard segments.popFirst() == "" else { throw .invalidParameter("\"\(target)\" is no absolute path") }
    cleaned = Self.clean(encoded).map { $0 + target[(mark ?? target.endIndex)...] }
    version = segments.first.flatMap(Self.version)
    if version != nil { segments.removeFirst() }
    self.segments = segments
    self.path = version == nil ? path : "/" + segments.joined(separator: "/")
  }

  /// What follows the host's name: whose name that is makes no difference to an engine.
  private static func originForm(_ target: String) -> Substring {
    let scheme = "http://"
    guard target.utf8.first != UInt8(ascii: "/"), target.prefix(scheme.count).lowercased() == scheme else {
      return target[...]
    }
    let path = target.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
    return path.first == "/" ? path : "/\(path)"[...]
  }

  private static func version(_ segment: Substring) -> String? {
    let digits = segment.utf8.dropFirst()
    guard segment.utf8.first == UInt8(ascii: "v"), !digits.isEmpty,
      digits.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return String(Substring(digits))
  }

  /// Whether the client is from before API 1.24: it prints what it is told as it is.
  var speaksPlainText: Bool {
    guard let version, let number = APIVersion(version) ?? Int(version).map({ APIVersion($0, 0) }) else { return false }
    return number < .minimum
  }

  /// A path as Go's `path.Clean` leaves it, with a slash at the end if there was one; `nil` if that is no other.
  private static func clean(_ path: Substring) -> String? {
    // Nearly every path is clean already.
    let pairs = zip(path.utf8, path.utf8.dropFirst())
    let slash = UInt8(ascii: "/")
    guard pairs.contains(where: { $0 == slash && ($1 == slash || $1 == UInt8(ascii: ".")) }) else { return nil }
    var kept: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = kept.popLast() } else { kept.append(segment) }
    }
    let clean = "/" + kept.joined(separator: "/") + (path.hasSuffix("/") && !kept.isEmpty ? "/" : "")
    return clean == path ? nil : clean
  }
}
