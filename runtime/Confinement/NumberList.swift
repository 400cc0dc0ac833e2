/// Lists of processors or memory nodes as the kernel writes them: `0-3,7`.
enum NumberList {
  /// Empty for an empty text; `nil` for what is no such list, or has a number from `limit` up.
  static func numbers(in text: String, below limit: Int) -> [Int]? {
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) where !text.isEmpty {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        (0..<limit).contains(first), (first..<limit).contains(last)
      else { return nil }
      numbers += first...last
    }
    return numbers
  }
}
