internal import Containers

extension Query {
  /// Seconds since 1970 with any number of decimals; `nil` if the parameter is absent or empty.
  /// - Throws: ``APIError`` 400 if it is something else.
  func timestamp(_ name: String) throws(APIError) -> Timestamp? {
    guard let text = self[name], !text.isEmpty else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let digits = parts.count > 1 ? parts[1] : ""
    guard let seconds = Int64(parts[0]), digits.allSatisfy({ ("0"..."9").contains($0) }),
      seconds.magnitude < 9_000_000_000
    else { throw .invalidParameter("invalid value for \"\(name)\": \(text)") }
    let fraction = Int64((digits + "000000000").prefix(9)) ?? 0
    return Timestamp(nanoseconds: seconds * 1_000_000_000 + (text.hasPrefix("-") ? -fraction : fraction))
  }
}
